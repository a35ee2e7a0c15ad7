import { describe, expect, test } from 'vitest';
import { discordPace as pace, paceOf } from '../../../adapters/discord/pace.ts';

test('a channel bears its five posts and edits in five seconds, and no more', () => {
  expect(pace.window?.calls).toBe(5);
  expect(pace.window?.ms).toBeGreaterThan(5_000);
  expect(pace.minIntervalMs).toBeGreaterThanOrEqual(1_000);
});

test('all channels together bear fewer than fifty calls in any second', () => {
  const { refillPerSecond = 0, burst = 0 } = pace.bot ?? {};
  expect(burst + refillPerSecond).toBeLessThan(50);
});

test('typing is shown again before it fades', () => {
  expect(pace.typingEveryMs).toBeLessThan(10_000);
});

describe('the answer to a slash command', () => {
  const target = { platform: 'discord', bot: '1', channel: '2' };
  const ticketed = (token: string) => paceOf({ ...target, token: `1/${token}` });

  test('is counted under a name of its own, which tells no secret, and not with the bot', () => {
    const { lane, bot, window, refillPerSecond, burst } = ticketed('aW50ZXJhY3Rpb24');
    expect(lane).toMatch(/^webhook\/[\w-]{16}$/);
    expect(lane).not.toContain('aW50');
    expect(bot).toBeUndefined();
    expect(window).toEqual(pace.window);
    expect(refillPerSecond * 5).toBeLessThanOrEqual(5);
    expect(burst).toBeLessThanOrEqual(5);
  });

  test('has the same name in every process, and another than that of another command', () => {
    expect(ticketed('one').lane).toBe(ticketed('one').lane);
    expect(ticketed('one').lane).not.toBe(ticketed('two').lane);
    expect(paceOf(target)).toBe(pace);
  });
});

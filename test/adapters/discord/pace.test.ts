import { expect, test } from 'vitest';
import { discordPace as pace } from '../../../adapters/discord/pace.ts';

test('a channel bears five calls in five seconds, however they differ on their way', () => {
  expect(pace.window?.calls).toBe(5);
  expect(pace.window?.ms).toBeGreaterThanOrEqual(5_250);
});

test('all channels together bear fewer than fifty calls in any second', () => {
  const { refillPerSecond = 0, burst = 0 } = pace.bot ?? {};
  expect(burst + refillPerSecond).toBeLessThan(50);
});

test('typing is shown again before it fades', () => {
  expect(pace.typingEveryMs).toBeLessThan(10_000);
});

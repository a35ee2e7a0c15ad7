import { expect, test } from 'vitest';
import { discordPace as pace } from '../../../adapters/discord/pace.ts';

test('a channel bears its five edits in five seconds', () => {
  expect(pace.refillPerSecond * 5).toBeLessThanOrEqual(5);
  expect(pace).toMatchObject({ burst: 3, reserve: 1, minIntervalMs: 1_000, maxIntervalMs: 3_000 });
});

test('all channels together bear fewer than fifty calls in any second', () => {
  const { refillPerSecond = 0, burst = 0 } = pace.bot ?? {};
  expect(burst + refillPerSecond).toBeLessThan(50);
});

test('typing is shown again before it fades', () => {
  expect(pace.typingEveryMs).toBeLessThan(10_000);
});

import { expect, test } from 'vitest';
import { paceOf } from '../../../adapters/telegram/pace.ts';

const pace = (channel: string) => paceOf({ platform: 'telegram', bot: '1', channel });

test('a private chat bears nearly a call a second and short bursts, and long answers slow down', () => {
  const { refillPerSecond, burst, minIntervalMs, maxIntervalMs, typingEveryMs } = pace('510000001');
  expect(refillPerSecond).toBeLessThan(1);
  expect(burst).toBeLessThan(5);
  // Eleven previews, typing and a final within ten seconds.
  expect(burst + 10 * refillPerSecond).toBeGreaterThanOrEqual(10_000 / minIntervalMs + 1);
  expect(maxIntervalMs).toBe(3_000);
  expect(typingEveryMs).toBeLessThan(5_000);
});

test('a group bears twenty calls a minute, so typing is shown there once', () => {
  const { window, typingEveryMs } = pace('-4900000001');
  expect(window?.calls).toBeLessThan(20);
  expect(window?.ms).toBeGreaterThanOrEqual(60_000);
  expect(typingEveryMs).toBeGreaterThan(600_000);
});

test('all chats together bear fewer than thirty calls a second', () => {
  for (const chat of ['510000001', '-4900000001']) expect(pace(chat).bot?.refillPerSecond).toBeLessThan(30);
});

import { expect, test } from 'vitest';
import { paceOf } from '../../../adapters/telegram/pace.ts';

const pace = (channel: string) => paceOf({ platform: 'telegram', bot: '1', channel });

test('a private chat bears a call a second, and few more at once', () => {
  const { refillPerSecond, burst, window } = pace('510000001');
  expect(refillPerSecond).toBeLessThan(1);
  expect(burst).toBeLessThan(5);
  expect(window).toBeUndefined();
});

test('a group bears fewer than twenty calls in any minute, so typing is shown there once', () => {
  const { window, typingEveryMs } = pace('-4900000001');
  expect(window?.calls).toBeLessThan(20);
  expect(window?.ms).toBeGreaterThan(60_000);
  expect(typingEveryMs).toBeGreaterThan(600_000);
});

test('all chats together bear fewer than thirty calls a second', () => {
  for (const chat of ['510000001', '-4900000001']) expect(pace(chat).bot?.refillPerSecond).toBeLessThan(30);
});

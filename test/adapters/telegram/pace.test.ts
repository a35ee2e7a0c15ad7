import { expect, test } from 'vitest';
import { paceOf } from '../../../adapters/telegram/pace.ts';

const pace = (channel: string) => paceOf({ platform: 'telegram', bot: '1', channel });

test('a private chat bears nearly a call a second', () => {
  expect(pace('510000001')).toMatchObject({
    refillPerSecond: 0.9,
    burst: 3,
    reserve: 1,
    typingEveryMs: 4_500,
  });
});

test('a group bears twenty calls a minute, so typing is shown there once', () => {
  const { refillPerSecond, burst, typingEveryMs } = pace('-4900000001');
  const ofNewProcess = 3;
  expect(burst + refillPerSecond * 60 + ofNewProcess).toBeLessThanOrEqual(20);
  expect(typingEveryMs).toBeGreaterThan(600_000);
});

test('all chats together bear fewer than thirty calls a second', () => {
  for (const chat of ['510000001', '-4900000001']) expect(pace(chat).bot?.refillPerSecond).toBeLessThan(30);
});

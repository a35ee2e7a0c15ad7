import { expect, test } from 'vitest';
import { createBudget } from '../../src/core/budget.ts';
import { createLiveReply } from '../../src/core/live-reply.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakePlatform, target } from '../support/fake-platform.ts';
import { createFakePosts } from '../support/fake-store.ts';

const pace = {
  isFree: true,
  refillPerSecond: 1_000,
  burst: 1_000,
  reserve: 0,
  minIntervalMs: 0,
  maxIntervalMs: 0,
  growth: 1,
  typingEveryMs: 60_000,
};

/** An answer that grows every millisecond, where nobody counts the writes; gives how long each text was. */
async function grow(pieces: number, pieceLength: number): Promise<number[]> {
  const clock = createFakeClock();
  const platform = createFakePlatform(clock, { limit: 10_000_000, pace });
  const reply = createLiveReply({
    sender: platform.sender,
    target,
    key: 'k',
    clock,
    budget: createBudget({ clock }),
    posts: createFakePosts(),
    signal: new AbortController().signal,
  });
  let text = '';
  for (let piece = 0; piece < pieces; piece++) {
    text += 'x'.repeat(pieceLength);
    reply.show(text);
    await clock.advance(1);
  }
  const endedAt = clock.now();
  await reply.finish(text);
  expect(clock.now()).toBe(endedAt);
  return platform.writes.map((write) => write.text.length);
}

test('an answer is written with each delta', async () => {
  expect((await grow(100, 20)).length).toBeGreaterThanOrEqual(100);
});

test('an answer of a megabyte is not written anew with each, and is whole at once in the end', async () => {
  const lengths = await grow(1_000, 1_000);
  expect(lengths.at(-1)).toBe(1_000_000);
  const written = lengths.reduce((sum, length) => sum + length, 0);
  // 500 million in all if it were.
  expect(written).toBeLessThan(30_000_000);
});

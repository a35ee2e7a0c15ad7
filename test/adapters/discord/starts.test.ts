import { expect, test } from 'vitest';
import { createStarts, TooSoon } from '../../../adapters/discord/starts.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const hourMs = 3_600_000;

/** Begins sessions as often as it may, as a client that is sent away each time; when they were begun. */
async function greedy(forMs: number, held?: { readonly atMs: number; readonly ms: number }) {
  const clock = createFakeClock();
  const starts = createStarts(clock);
  const begin = clock.now();
  const begun: number[] = [];
  const stop = new AbortController();
  const all = (async () => {
    while (clock.now() < begin + forMs) {
      const over = new AbortController();
      let retryAfterMs = 0;
      const tooSoon = (error: Error) => {
        if (error instanceof TooSoon) retryAfterMs = error.retryAfterMs;
        over.abort();
      };
      try {
        await starts.wait({ id: 0, lane: 0 }, tooSoon, AbortSignal.any([over.signal, stop.signal]));
        begun.push(clock.now() - begin);
        if (begun.length === held?.atMs) starts.hold(held.ms);
      } catch {
        await clock.sleep(retryAfterMs, stop.signal);
      }
    }
  })().catch(() => undefined);
  await clock.advance(forMs);
  stop.abort();
  await all;
  return begun;
}

test('sessions are begun at once at first, then five seconds apart, then less and less often', async () => {
  const begun = await greedy(10 * 60_000);
  const gaps = begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
  expect(gaps.slice(0, 8)).toEqual([5_250, 5_250, 5_250, 10_500, 21_000, 42_000, 84_000, 120_000]);
  expect(begun[0]).toBe(0);
});

test('in a day they are fewer than Discord allows', async () => {
  const begun = await greedy(24 * hourMs);
  expect(begun.length).toBeLessThan(900);
  expect(begun.length).toBeGreaterThan(600);
});

test('after a long peace they are begun at once again', async () => {
  const clock = createFakeClock();
  const starts = createStarts(clock);
  const { signal } = new AbortController();
  const begin = () => starts.wait({ id: 0, lane: 0 }, () => expect.fail('too soon'), signal);
  for (let nth = 0; nth < 20; nth++) {
    const before = clock.now();
    await begin();
    expect(clock.now()).toBe(before);
    await clock.advance(hourMs / 3 + 1);
  }
});

test('shards of one lane begin one after the other, those of two lanes do not wait', async () => {
  const clock = createFakeClock();
  const starts = createStarts(clock);
  const begun: string[] = [];
  const { signal } = new AbortController();
  for (const [id, lane] of [
    [0, 0],
    [1, 1],
    [2, 0],
  ] as const)
    void starts
      .wait({ id, lane }, () => undefined, signal)
      .then(() => begun.push(`${id} at ${clock.now() - 1_000_000}`));
  await clock.advance(10_000);
  expect(begun).toEqual(['0 at 0', '1 at 0', '2 at 5250']);
});

test('while they are held none is begun', async () => {
  const begun = await greedy(120_000, { atMs: 1, ms: 60_000 });
  expect(begun.slice(0, 2)).toEqual([0, 60_000]);
});

test('a wait ends with what it waits for', async () => {
  const clock = createFakeClock();
  const starts = createStarts(clock);
  const closed = new AbortController();
  await starts.wait({ id: 0, lane: 0 }, () => undefined, closed.signal);
  const waiting = starts.wait({ id: 0, lane: 0 }, () => undefined, closed.signal);
  closed.abort(new Error('closed'));
  await expect(waiting).rejects.toThrow('closed');
});

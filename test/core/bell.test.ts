import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { createBell } from '../../src/core/bell.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const clock = createFakeClock();

test('a ring wakes the sleeper, and one before the sleep counts', async () => {
  const bell = createBell(clock);
  const { signal } = new AbortController();
  const woken = bell.wait(60_000, signal);
  bell.ring();
  await woken;
  bell.ring();
  await bell.wait(60_000, signal);
  const asleep = bell.wait(1_000, signal);
  await clock.advance(1_000);
  await asleep;
});

test('an aborted signal ends the sleep, also one that has aborted before', async () => {
  const bell = createBell(clock);
  const stop = new AbortController();
  const asleep = bell.wait(60_000, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(asleep).rejects.toThrow('stopped');
  await expect(createBell(clock).wait(60_000, stop.signal)).rejects.toThrow('stopped');
});

test('many sleeps leave nothing behind on the signal', async () => {
  const bell = createBell(clock);
  const { signal } = new AbortController();
  for (let times = 0; times < 20; times++) {
    const asleep = bell.wait(100, signal);
    await clock.advance(100);
    await asleep;
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

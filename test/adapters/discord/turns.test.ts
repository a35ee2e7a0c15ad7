import { expect, test } from 'vitest';
import { createTurns, TooLong } from '../../../adapters/discord/turns.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const patienceMs = 120_000;

function start() {
  const clock = createFakeClock();
  const stopping = new AbortController();
  const turns = createTurns(clock, stopping.signal, patienceMs);
  const begin = clock.now();
  const taken: number[] = [];
  const take = () => turns.take().then(() => void taken.push(clock.now() - begin));
  return { clock, turns, taken, take, stop: () => stopping.abort(new Error('the end')) };
}

test('calls are a tenth of a second apart, whoever makes them', async () => {
  const { clock, taken, take } = start();
  const all = Promise.all([take(), take(), take()]);
  await clock.advance(1_000);
  await all;
  expect(taken).toEqual([0, 100, 200]);
});

test('none is made before a limit is over, also by those who wait already', async () => {
  const { clock, turns, taken, take } = start();
  await take();
  const next = take();
  turns.wait(5_000);
  turns.wait(1_000);
  await clock.advance(4_999);
  expect(taken).toEqual([0]);
  await clock.advance(1);
  await next;
  expect(taken).toEqual([0, 5_000]);
});

test('a limit that is too long is not waited for', async () => {
  const { clock, turns, take } = start();
  await take();
  const next = take();
  turns.wait(patienceMs + 1_000);
  const failed = expect(next).rejects.toThrow(TooLong);
  await clock.advance(200);
  await failed;
});

test('the end ends the wait', async () => {
  const { take, stop } = start();
  await take();
  const next = take();
  stop();
  await expect(next).rejects.toThrow('the end');
});

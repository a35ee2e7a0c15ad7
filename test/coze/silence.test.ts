import { beforeEach, expect, test } from 'vitest';
import { createSilence, type Silence } from '../../src/coze/silence.ts';
import { createStillClock, type StillClock } from './still-clock.ts';

let clock: StillClock;
let alarms: number;
let patienceMs: number;
let told: number[];
let silence: Silence;

beforeEach(() => {
  clock = createStillClock();
  alarms = 0;
  patienceMs = 60_000;
  told = [];
  silence = createSilence({
    clock: {
      ...clock,
      sleep(ms, signal) {
        alarms += 1;
        return clock.sleep(ms, signal);
      },
    },
    patienceMs: () => patienceMs,
    onTooLong: (ms) => told.push(ms),
  });
});

async function advance(ms: number): Promise<void> {
  clock.advance(ms);
  await new Promise(setImmediate);
}

/** A piece comes every 50 ms. */
async function hear(pieces: number): Promise<void> {
  for (let piece = 0; piece < pieces; piece++) {
    silence.begins();
    await advance(50);
    silence.over();
  }
}

test('is too long when nothing has come for as long as patience allows, and is told once', async () => {
  silence.begins();
  await advance(59_999);
  expect(told).toEqual([]);
  await advance(1);
  await advance(600_000);
  expect(told).toEqual([60_000]);
});

test('is counted from the last piece, though an alarm serves many', async () => {
  await hear(100);
  expect(alarms).toBe(1);
  silence.begins();
  await advance(59_999);
  expect(told).toEqual([]);
  await advance(1);
  expect(told).toEqual([60_000]);
});

test('of a long stream needs few alarms', async () => {
  await hear(10_000);
  expect(told).toEqual([]);
  expect(alarms).toBeLessThan(100);
});

test('is cut short by a patience that has become less', async () => {
  await hear(1);
  patienceMs = 1_000;
  silence.begins();
  await advance(1_000);
  expect(told).toEqual([1_000]);
});

test('does not count while nobody waits, nor at the end', async () => {
  await hear(1);
  await advance(600_000);
  silence.begins();
  silence.end();
  await advance(600_000);
  expect(told).toEqual([]);
});

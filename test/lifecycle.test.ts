import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLifecycle } from '../src/lifecycle.ts';
import { createFakeClock } from './support/fake-clock.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const signals = ['SIGTERM', 'SIGINT'] as const;
let before: NodeJS.SignalsListener[][];

beforeEach(() => {
  before = signals.map((name) => process.listeners(name as 'SIGTERM') as NodeJS.SignalsListener[]);
});
afterEach(() => {
  for (const [index, name] of signals.entries()) {
    for (const listener of process.listeners(name as 'SIGTERM') as NodeJS.SignalsListener[]) {
      if (!before[index]?.includes(listener)) process.removeListener(name, listener);
    }
  }
});

test.each(signals)('%s takes nothing new, and leaves what still runs after 20 s', async (name) => {
  const clock = createFakeClock();
  const { stop, leave } = createLifecycle(clock, log);
  process.emit(name);
  expect([stop.aborted, leave.aborted]).toEqual([true, false]);
  await clock.advance(19_999);
  expect(leave.aborted).toBe(false);
  await clock.advance(1);
  expect(leave.aborted).toBe(true);
});

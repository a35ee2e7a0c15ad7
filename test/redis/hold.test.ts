import { expect, test } from 'vitest';
import { DeliveryLost } from '../../src/core/errors.ts';
import { createHold } from '../../src/redis/hold.ts';

/** Keeps the process from running any timer, as a pause does. */
function sleepHard(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test('a hold that ran out while the process slept is known before any timer has run', () => {
  const hold = createHold(20);
  hold.assert();
  sleepHard(40);
  expect(hold.lost.aborted).toBe(false);
  expect(() => hold.assert()).toThrow(DeliveryLost);
  expect(hold.lost.aborted).toBe(true);
});

test('a renewed hold lasts', () => {
  const hold = createHold(200);
  for (let time = 0; time < 3; time++) {
    sleepHard(90);
    hold.renew();
  }
  hold.assert();
  hold.end();
});

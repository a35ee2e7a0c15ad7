import { expect, test } from 'vitest';
import { createRunningTurns } from '../../src/core/running.ts';

test('an interrupt finds the turns that are older than it', () => {
  const running = createRunningTurns();
  const old = running.enter('k', 0);
  const other = running.enter('other', 0);
  running.interrupt({ key: 'k', generation: 1 });
  expect([old.aborted, other.aborted]).toEqual([true, false]);
});

test('a turn that leaves late does not hide its successor', () => {
  const running = createRunningTurns();
  const first = running.enter('k', 0);
  const second = running.enter('k', 0);
  running.leave('k', first);
  running.interrupt({ key: 'k', generation: 1 });
  expect(second.aborted).toBe(true);
});

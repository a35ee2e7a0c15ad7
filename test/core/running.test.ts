import { expect, test } from 'vitest';
import { createRunningTurns } from '../../src/core/running.ts';

test('an interrupt finds the turns that are older than it', () => {
  const running = createRunningTurns();
  const [old, other, unsettled] = ['k', 'other', 'unsettled'].map((key) => running.enter(key));
  for (const turn of [old, other]) turn?.joins(0);
  for (const key of ['k', 'unsettled']) running.interrupt({ key, generation: 1 });
  expect([old, other, unsettled].map((turn) => turn?.stop.aborted)).toEqual([true, false, false]);
});

test('a turn that leaves late does not hide its successor', () => {
  const running = createRunningTurns();
  const first = running.enter('k');
  const second = running.enter('k');
  second.joins(0);
  first.leave();
  running.interrupt({ key: 'k', generation: 1 });
  expect(second.stop.aborted).toBe(true);
});

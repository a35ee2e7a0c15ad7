import { expect, test } from 'vitest';
import { createRunningTurns } from '../../src/core/running.ts';

test('an interrupt finds the turns that are older than it', () => {
  const running = createRunningTurns();
  const [old, other, unsettled] = ['k', 'other', 'unsettled'].map((key) => running.enter(key, 'm'));
  for (const turn of [old, other]) turn?.joins(0);
  for (const key of ['k', 'unsettled']) running.interrupt({ key, generation: 1 });
  expect([old, other, unsettled].map((turn) => turn?.stop.aborted)).toEqual([true, false, false]);
});

test('a turn that leaves late does not hide its successor', () => {
  const running = createRunningTurns();
  const first = running.enter('k', 'm1');
  const second = running.enter('k', 'm2');
  second.joins(0);
  first.leave();
  running.interrupt({ key: 'k', generation: 1 });
  expect(second.stop.aborted).toBe(true);
});

test('a wish to stop finds the turn that answers its message, and no other of that conversation', () => {
  const running = createRunningTurns();
  const turn = running.enter('k', 'm2');
  turn.joins(3);
  for (const [key, stop] of [
    ['k', 'm1'],
    ['other', 'm2'],
  ] as const)
    running.interrupt({ key, stop });
  expect(turn.stop.aborted).toBe(false);
  running.interrupt({ key: 'k', stop: 'm2' });
  expect(turn.stop.aborted).toBe(true);
});

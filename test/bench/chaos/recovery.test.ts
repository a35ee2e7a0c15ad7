import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../bench/chaos/evidence.ts';
import type { Blow } from '../../../bench/chaos/journal.ts';
import { recoveriesOfHearing, recoveriesOfTurns } from '../../../bench/chaos/recovery.ts';
import { judge } from '../../../bench/chaos/verdict.ts';
import { evidence, message, question } from './evidence.ts';

const [one, two] = [question(1), question(2)];
const half = one.answer.slice(0, 30);
const strike = (at: number, blow: Blow, victim: string) => ({ at, blow, victim });
const tookMs = (recover: typeof recoveriesOfTurns, given: Evidence) =>
  recover(given, judge(given).findings).map((recovery) => recovery.tookMs);

describe('the turns that a killed worker had in hand', () => {
  const shown = [message(2_000, half), message(9_000, one.answer)];

  test('have recovered when something of them is seen again', () => {
    const given = evidence([one], [message(2_000, half, one.answer)], {
      strikes: [strike(2_100, 'worker', 'worker1')],
    });
    expect(tookMs(recoveriesOfTurns, given)).toEqual([900]);
  });

  test('have recovered with a draft too', () => {
    const given = evidence([one], shown, { strikes: [strike(2_100, 'worker', 'worker1')] });
    const screens = given.screens.map((screen) => ({ ...screen, drafts: [{ at: 2_600, text: half }] }));
    expect(tookMs(recoveriesOfTurns, { ...given, screens })).toEqual([500]);
  });

  test('never have if nothing is', () => {
    const given = evidence([one], [message(2_000, half)], { strikes: [strike(2_100, 'worker', 'worker1')] });
    expect(tookMs(recoveriesOfTurns, given)).toEqual([undefined]);
  });

  test('are those alone that it was the last to call Coze for, and that were asked and not yet whole', () => {
    const strikes = [
      strike(1_400, 'worker', 'worker1'), // Before the question.
      strike(2_100, 'worker', 'worker2'), // Of somebody else.
      strike(9_500, 'worker', 'worker1'), // After the end.
    ];
    expect(tookMs(recoveriesOfTurns, evidence([one], shown, { strikes }))).toEqual([]);
    const touches = ['worker1', 'worker2'].map((process, nth) => ({
      at: 1_500 + nth,
      token: one.token,
      process,
    }));
    const taken = evidence([one], shown, { strikes: [strike(2_100, 'worker', 'worker2')], touches });
    expect(tookMs(recoveriesOfTurns, taken)).toEqual([6_900]);
  });
});

test('in the hands of Redis, and of a service, is all that was asked and is not yet whole', () => {
  const shown = [message(2_000, half), message(9_000, one.answer)];
  const strikes = [
    strike(1_400, 'redis', 'redis'),
    strike(2_100, 'redis', 'redis'),
    strike(2_200, 'sockets', 'coze'),
    strike(9_500, 'sockets', 'coze'),
  ];
  expect(tookMs(recoveriesOfTurns, evidence([one], shown, { strikes }))).toEqual([6_900, 6_800]);
});

describe('what was written while nobody heard', () => {
  const strikes = [strike(900, 'gateway', 'gateway')];
  const readies = [{ at: 2_500, name: 'gateway' }];
  const shown = [message(3_000, one.answer), message(5_000, two.answer)];

  test('has recovered when Coze is asked, without the time that it waited for an earlier question', () => {
    expect(tookMs(recoveriesOfHearing, evidence([one, two], shown, { strikes, readies }))).toEqual([600]);
  });

  test('has recovered also when an earlier question of its conversation had been answered before', () => {
    const later = [strike(3_500, 'gateway', 'gateway')];
    const asked = { ...two, at: 4_000 };
    const given = { strikes: later, readies: [{ at: 4_500, name: 'gateway' }] };
    expect(tookMs(recoveriesOfHearing, evidence([one, asked], shown, given))).toEqual([1_000]);
  });

  test('is nothing that was written before, or later', () => {
    const early = [{ at: 950, name: 'gateway' }];
    expect(tookMs(recoveriesOfHearing, evidence([one, two], shown, { strikes, readies: early }))).toEqual([]);
    const late = [strike(1_100, 'gateway', 'gateway')];
    expect(tookMs(recoveriesOfHearing, evidence([one], shown, { strikes: late, readies }))).toEqual([]);
  });
});

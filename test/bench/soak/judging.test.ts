import { describe, expect, test } from 'vitest';
import { answerOf } from '../../../bench/soak/answers.ts';
import { leftovers } from '../../../bench/soak/kept.ts';
import { openLedger } from '../../../bench/soak/ledger.ts';
import { courseOf } from '../../../bench/soak/samples.ts';

describe('the course of what was measured', () => {
  const minutes = (...values: readonly number[]) =>
    courseOf({
      points: values.flatMap((value, minute) => [0, 20, 40].map((second) => point(minute, second, value))),
    });
  const point = (minute: number, second: number, value: number) => ({
    at: (minute * 60 + second) * 1_000,
    value,
  });

  test('leaves out the first minute', () => {
    expect(minutes(10, 100, 104, 102)).toMatchObject({ least: 100, median: 102, most: 104, isFlat: true });
  });

  test('is not flat where one minute is by more than a tenth off the rest, up or down', () => {
    expect(minutes(100, 100, 100, 100, 112).isFlat).toBe(false);
    expect(minutes(100, 88, 100, 100, 100).isFlat).toBe(false);
    expect(minutes(100, 100, 91, 109, 100).isFlat).toBe(true);
  });

  test('drifts from its first minute that counts to its last', () => {
    expect(minutes(50, 100, 130, 110).drift).toBeCloseTo(0.1);
  });
});

describe('the book of the turns', () => {
  const right = (number: number) =>
    ({ kind: 'answered', number, text: answerOf(String(number)), posts: 1 }) as const;

  test('is settled when each was answered once, in one message, with the right words', () => {
    const ledger = openLedger();
    for (const number of [1, 2]) ledger.hear({ kind: 'asked', number });
    ledger.hear(right(1));
    expect(ledger).toMatchObject({ asked: 2, answered: 1, open: 1, wrong: [] });
    ledger.hear(right(2));
    expect(ledger).toMatchObject({ open: 0, wrong: [] });
  });

  test('says what was wrong', () => {
    const ledger = openLedger();
    ledger.hear(right(1));
    ledger.hear(right(1));
    ledger.hear({ ...right(2), posts: 2 });
    ledger.hear({ ...right(3), text: answerOf('1') });
    ledger.hear({ kind: 'refused', number: 4, reason: 'Error: away' });
    expect(ledger.wrong).toEqual([
      '1 was answered twice',
      'the answer to 2 had 2 messages',
      expect.stringMatching(/^the answer to 3 was: About 1/),
      '4 was not stored: Error: away',
    ]);
  });
});

test('of what is in the store, only so much may be there as is said', () => {
  const facts = { messages: 10, conversations: 3 };
  const found = new Map([
    ['seen', 10],
    ['conversation', 4],
    ['mail', 1],
  ]);
  const tooMany = leftovers('redis', found, facts).filter(({ count, most }) => count > most);
  expect(tooMany.map(({ kind }) => kind)).toEqual(['conversation', 'mail']);
});

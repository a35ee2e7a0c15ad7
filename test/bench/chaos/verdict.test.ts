import { describe, expect, test } from 'vitest';
import { isClean, judge } from '../../../bench/chaos/verdict.ts';
import { evidence, message, question } from './evidence.ts';

const [one, two, long] = [question(1), question(2), question(20)];
const half = one.answer.slice(0, 30);

/** How often each of the four has happened, and messages that belong to nothing. */
function countsOf(...given: Parameters<typeof evidence>) {
  const { lost, askedTwice, shownTwice, outOfOrder, stray } = judge(evidence(...given));
  return [lost, askedTwice, shownTwice, outOfOrder, stray].map(({ length }) => length);
}

describe('the judgement of a run', () => {
  test('finds nothing where each answer grew into one message, in order', () => {
    const given = evidence([one, two], [message(2_000, half, one.answer), message(5_000, two.answer)]);
    expect(isClean(judge(given))).toBe(true);
  });

  test('takes a long answer in several messages for whole, but not without its end or its middle', () => {
    const paragraphs = long.answer.split('\n\n');
    const parts = [paragraphs.slice(0, 9), paragraphs.slice(9, 12), paragraphs.slice(12)];
    const [first, middle, last] = parts.map((part) => message(21_000, part.join('\n\n')));
    if (!first || !middle || !last) throw new Error('three parts');
    expect(countsOf([long], [first, middle, last])).toEqual([0, 0, 0, 0, 0]);
    expect(countsOf([long], [first, middle])).toEqual([1, 0, 0, 0, 0]);
    expect(countsOf([long], [first, last])).toEqual([1, 0, 0, 0, 0]);
  });

  test('calls lost what was not answered, not to its end, or not to the letter', () => {
    expect(countsOf([one], [])).toEqual([1, 0, 0, 0, 0]);
    expect(countsOf([one], [message(2_000, half)])).toEqual([1, 0, 0, 0, 0]);
    expect(countsOf([one], [message(2_000, `${one.answer} `)])).toEqual([1, 0, 0, 0, 0]);
  });

  test('calls lost what was deleted', () => {
    expect(countsOf([one], [{ ...message(2_000, one.answer), isDeleted: true }])).toEqual([1, 0, 0, 0, 0]);
  });

  test('sees a second whole answer, a stub before it, and one that was there for a while only', () => {
    const whole = message(2_000, one.answer);
    expect(countsOf([one], [whole, message(3_000, one.answer)])).toEqual([0, 0, 1, 0, 0]);
    expect(countsOf([one], [message(1_000, half), whole])).toEqual([0, 0, 1, 0, 0]);
    expect(countsOf([one], [{ ...message(1_000, half), isDeleted: true }, whole])).toEqual([0, 0, 1, 0, 0]);
  });

  test('sees two beginnings of an answer that never came', () => {
    expect(countsOf([one], [message(1_000, half), message(3_000, half)])).toEqual([1, 0, 1, 0, 0]);
  });

  test('sees words that nobody asked for: after an answer, and before any', () => {
    const sorry = message(3_000, 'Something went wrong.');
    expect(countsOf([one], [message(2_000, one.answer), sorry])).toEqual([0, 0, 1, 0, 0]);
    expect(countsOf([one], [sorry, message(4_000, one.answer)])).toEqual([0, 0, 0, 0, 1]);
  });

  test('knows a message again whose text was replaced', () => {
    const sorry = message(1_000, half, 'Something went wrong.');
    expect(countsOf([one], [sorry])).toEqual([1, 0, 0, 0, 0]);
    expect(countsOf([one], [sorry, message(4_000, one.answer)])).toEqual([0, 0, 1, 0, 0]);
  });

  test('takes a message that shows another answer by now for that one’s', () => {
    const [taken, anew] = [message(2_000, one.answer, two.answer), message(4_000, one.answer)];
    const others = { ...two, conversation: 'of somebody else' };
    expect(countsOf([one, others], [taken, anew])).toEqual([0, 0, 0, 0, 0]);
  });

  test('sees that Coze was asked twice', () => {
    const asks = [1_500, 2_500].map((at) => ({
      at,
      token: one.token,
      chatId: String(at),
      status: 'completed',
    }));
    expect(countsOf([one], [message(3_000, one.answer)], { asks })).toEqual([0, 1, 0, 0, 0]);
  });

  test('sees an answer before that of an earlier question of its conversation, and not before any other', () => {
    const shown = [message(4_000, two.answer), message(5_000, one.answer)];
    expect(countsOf([one, two], shown)).toEqual([0, 0, 0, 1, 0]);
    expect(countsOf([one, { ...two, conversation: 'of somebody else' }], shown)).toEqual([0, 0, 0, 0, 0]);
  });

  test('sees that Coze was asked in another order', () => {
    const asks = [two, one].map(({ token }, nth) => ({ at: nth, token, chatId: token, status: 'completed' }));
    const shown = [message(4_000, one.answer), message(5_000, two.answer)];
    expect(countsOf([one, two], shown, { asks })).toEqual([0, 0, 0, 1, 0]);
  });
});

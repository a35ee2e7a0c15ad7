import { answerTo, tokenOf } from '../../../bench/chaos/answers.ts';
import type { Evidence, Question } from '../../../bench/chaos/evidence.ts';
import type { Shown } from '../../../bench/chaos/places.ts';

export const question = (nth: number, more: Partial<Question> = {}): Question => {
  const token = tokenOf(nth, 1);
  return {
    token,
    at: nth * 1_000,
    screen: 'a DM',
    conversation: 'a DM',
    answer: answerTo(token).text,
    ...more,
  };
};

let messages = 0;

/** A message that was written in such steps, from that moment on, one a second. */
export function message(at: number, ...texts: readonly [string, ...string[]]): Shown {
  messages += 1;
  const writes = texts.map((text, nth) => ({ at: at + nth * 1_000, text }));
  return { id: String(messages), text: texts.at(-1) ?? '', isDeleted: false, writes };
}

/** Everything asked once, half a second after it was said, by the one worker. */
export function evidence(
  questions: readonly Question[],
  shown: readonly Shown[],
  more: Partial<Evidence> = {},
): Evidence {
  return {
    questions,
    screens: [{ name: 'a DM', shown, drafts: [], calls: [] }],
    asks: questions.map(({ token, at }) => ({ at: at + 500, token, chatId: token, status: 'completed' })),
    touches: questions.map(({ token, at }) => ({ at: at + 500, token, process: 'worker1' })),
    strikes: [],
    readies: [],
    ends: [],
    ...more,
  };
}

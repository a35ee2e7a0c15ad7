import type { Api } from 'grammy';
import type { Log } from '../../src/core/ports/world.ts';
import { failureOf } from './api.ts';
import { cutTo } from './format.ts';
import { isTooLate } from './refusals.ts';

const longestText = 200;

/** Tells whoever pressed a button what became of it, or just that it was seen: until then their app shows it at work. */
export type AnswerQuery = (id: string, text?: string) => void;

/** Nobody waits for it: the answer is an ornament, and what the button asked for is in the store. */
export function createAnswerQuery(api: Api, log: Log): AnswerQuery {
  return (id, text = '') => {
    const shown = cutTo(text, longestText);
    api.answerCallbackQuery(id, shown ? { text: shown } : {}).catch((error: unknown) => {
      const failure = failureOf(error);
      if (!isTooLate(failure))
        log.debug({ reason: failure.reason }, 'the press of a button was not answered');
    });
  };
}

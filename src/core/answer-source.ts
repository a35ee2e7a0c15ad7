import { joinReasoning, withoutOpening } from '../text/reasoning.ts';
import type { InboundMessage } from './message.ts';

interface Said {
  readonly text: string;
  readonly reasoning?: string | undefined;
}

/** More of it is not shown: it would take the room of the answer. */
const longestReasoning = 1_500;

/** Makes the Markdown that is shown of what Coze says. Strings are only added, not joined: that copies nothing. */
export function createAnswerSource({ pressed, text: question }: InboundMessage, showReasoning: boolean) {
  // Of a question that was asked with a button nobody sees anything else.
  const quote = pressed === undefined ? '' : `> ${question.replace(/\s+/g, ' ').trim()}\n\n`;
  let closed = { reasoning: '', source: '' };
  /** The beginning of a reasoning that is too long to be shown whole: what comes later does not change it. */
  let long: string | undefined;

  function shown(reasoning: string): string {
    if (reasoning.length <= longestReasoning) return reasoning;
    long ??= `${reasoning.slice(0, longestReasoning)} …`;
    return long;
  }

  return ({ text, reasoning = '' }: Said, remarks: readonly string[] = []): string => {
    let body = text;
    for (const remark of remarks) body = body ? `${body}\n\n${remark}` : remark;
    if (!showReasoning || reasoning === '') return quote + withoutOpening(body);
    if (body === '') return joinReasoning(shown(reasoning), '');
    const part = shown(reasoning);
    if (closed.reasoning !== part) closed = { reasoning: part, source: joinReasoning(part, '\n') };
    return closed.source + quote + body;
  };
}

import { joinReasoning, withoutOpening } from '../text/reasoning.ts';
import type { InboundMessage } from './message.ts';

interface Said {
  readonly text: string;
  readonly reasoning?: string | undefined;
}

/** More of it is not shown: it would take the room of the answer. */
const longestReasoning = 1_500;

/** In so many characters there is room for the tag. */
const enoughToTell = 20;

/** Makes the Markdown that is shown of what Coze says. Strings are only added, not joined: that copies nothing. */
export function createAnswerSource({ pressed, text: question }: InboundMessage, showReasoning: boolean) {
  // Of a question that was asked with a button nobody sees anything else.
  const quote = pressed === undefined ? '' : `> ${question.replace(/\s+/g, ' ').trim()}\n\n`;
  let closed = { reasoning: '', source: '' };
  /** The beginning of a reasoning that is too long to be shown whole: what comes later does not change it. */
  let long: string | undefined;
  /** It does not begin with the tag. Known once: to look at the beginning of a text that was added to copies all of it. */
  let isPlain = false;

  function shown(reasoning: string): string {
    if (reasoning.length <= longestReasoning) return reasoning;
    long ??= `${reasoning.slice(0, longestReasoning)} …`;
    return long;
  }

  function unopened(body: string, isWhole: boolean): string {
    if (isPlain && !isWhole) return body;
    const source = withoutOpening(body);
    isPlain = body.length >= enoughToTell && source === body;
    return source;
  }

  /** With remarks, if only none, the text is whole. */
  return ({ text, reasoning = '' }: Said, remarks?: readonly string[]): string => {
    let body = text;
    for (const remark of remarks ?? []) body = body ? `${body}\n\n${remark}` : remark;
    if (!showReasoning || reasoning === '') return quote + unopened(body, remarks !== undefined);
    if (body === '') return joinReasoning(shown(reasoning), '');
    const part = shown(reasoning);
    if (closed.reasoning !== part) closed = { reasoning: part, source: joinReasoning(part, '\n') };
    return closed.source + quote + body;
  };
}

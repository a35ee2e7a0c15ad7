const opening = '<think>';
const closing = '</think>';

/** The source of an answer with the reasoning before it; there is none after the answer's first words. */
export function joinReasoning(reasoning: string, answer: string): string {
  if (reasoning.trim() === '') return answer;
  const lines = reasoning.replace(/^[^\S\n]*<\/think>(?=[^\S\n]*\r?$)/gm, '<\u200b/think>');
  const begun = `${opening}\n${lines}`;
  return answer === '' ? begun : `${begun}\n${closing}\n${answer}`;
}

/** An answer that begins with the tag speaks of it: it opens no reasoning. */
export const withoutOpening = (answer: string): string =>
  answer.startsWith(opening) ? `<\u200b${answer.slice(1)}` : answer;

/** How much of a text is its opening line; all of it, while it may yet become one. */
export function openingLength(source: string, growing: boolean): number | undefined {
  if (growing && source !== '' && opening.startsWith(source)) return source.length;
  return /^<think>[^\S\n]*(?:\n|$)/.exec(source)?.[0].length;
}

/** Where the reasoning ends, and where the answer begins. */
export interface Closing {
  readonly end: number;
  readonly after: number;
}

/** The line that ends the reasoning, from `from` on, where a line begins. More may follow, unless `isWhole`. */
export function findClosing(source: string, from: number, isWhole: boolean): Closing | undefined {
  closingLine.lastIndex = from;
  const found = closingLine.exec(source);
  const after = found ? found.index + found[0].length : 0;
  return found && (isWhole || source[after - 1] === '\n') ? { end: found.index, after } : undefined;
}

/** What has come of that line so far. */
export function begunClosing(source: string, from: number): Closing | undefined {
  const last = Math.max(source.lastIndexOf('\n') + 1, from);
  const begun = source.slice(last).trim();
  return begun !== '' && closing.startsWith(begun) ? { end: last, after: source.length } : undefined;
}

const closingLine = /^[^\S\n]*<\/think>[^\S\n]*(?:\n|$)/gm;

import type { Brain } from '../../emulators/coze/script.ts';
import { seeded } from '../../test/text/seeded.ts';

/** The name of a question, which is in it and in each sentence of its answer. */
const tokenShape = /q\d{4}x[0-9a-f]{4}/g;

/** Questions with these numbers and above are asked before anything is struck, and answered in no time. */
export const openingsFrom = 9_000;

export function tokenOf(nth: number, seed: number): string {
  const mark = seeded(seed * 10_007 + nth).below(0x1_0000);
  return `q${String(nth).padStart(4, '0')}x${mark.toString(16).padStart(4, '0')}`;
}

const numberOf = (token: string) => Number(token.slice(1, 5));

export const isOpening = (token: string): boolean => numberOf(token) >= openingsFrom;

/** The questions that a text speaks of. */
export const tokensIn = (text: string): string[] => [...new Set(text.match(tokenShape))];

const words = 'river lantern copper morning quiet harbour window silver garden letter mountain paper'.split(
  ' ',
);

/** Every so many answers need several messages. */
const longEvery = 40;
const wordsASentence = 7;

export interface PlannedAnswer {
  readonly text: string;
  readonly pieces: readonly string[];
  readonly everyMs: number;
}

/** What Coze says to a question: the same at each time, in 1 to 4 seconds. Plain words, so that it is shown as it is. */
export function answerTo(token: string): PlannedAnswer {
  const nth = numberOf(token);
  if (nth >= openingsFrom)
    return { text: `${token} says hello.`, pieces: [`${token} says hello.`], everyMs: 1 };
  const random = seeded(Number.parseInt(token.slice(6), 16) + nth);
  const sentence = () =>
    `${token} says ${Array.from({ length: wordsASentence }, () => random.pick(words)).join(' ')}.`;
  const isLong = nth % longEvery === longEvery / 2;
  const paragraphs = isLong
    ? random.times(16, 22, () => random.times(4, 4, sentence).join(' '))
    : random.times(1, 3, () => random.times(1, 3, sentence).join(' '));
  const text = paragraphs.join('\n\n');
  const lastsMs = 1_000 + random.below(3_000);
  const size = isLong ? 60 : 8 + random.below(8);
  const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  return { text, pieces, everyMs: Math.max(1, Math.round(lastsMs / pieces.length)) };
}

export interface Ask {
  readonly at: number;
  readonly token: string;
  readonly chatId: string;
}

/** Coze's part: every chat that it begins is in `asks`. */
export function createBrain(): { readonly brain: Brain; readonly asks: readonly Ask[] } {
  const asks: Ask[] = [];
  const brain: Brain = ({ text, chatId }) => {
    const tokens = tokensIn(text);
    for (const token of tokens) asks.push({ at: Date.now(), token, chatId });
    const [token] = tokens;
    if (token === undefined) return { steps: [{ say: 'This question has no name.' }] };
    const { pieces, everyMs } = answerTo(token);
    return { steps: [{ say: pieces, everyMs }] };
  };
  return { brain, asks };
}

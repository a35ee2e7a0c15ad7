import { tokensIn } from './answers.ts';
import type { AskEvidence, Evidence, Question, ScreenEvidence } from './evidence.ts';
import type { Shown } from './places.ts';

/** What has become of one question. */
export interface Finding {
  readonly question: Question;
  /** The messages that are its answer; none if it is not there whole. */
  readonly answer: readonly Shown[];
  /** Messages of its screen that are there besides, or were: a second beginning, a stub, words nobody asked for. */
  readonly surplus: readonly Shown[];
  readonly asks: readonly AskEvidence[];
  /** Its answer, or its question at Coze, came before that of an earlier one in its conversation. */
  readonly isOutOfOrder: boolean;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  /** Messages of the bot that belong to no question at all. */
  readonly stray: readonly (Shown & { readonly screen: string })[];
  readonly lost: readonly Finding[];
  readonly askedTwice: readonly Finding[];
  readonly shownTwice: readonly Finding[];
  readonly outOfOrder: readonly Finding[];
}

/**
 * Judges by what was on the screens and at Coze alone. A message belongs to the question whose name is in it, and one
 * without any to that of the message before it. Whole is an answer whose messages, read one after the other, are what
 * Coze has said, but for the white space between two of them.
 */
export function judge(evidence: Evidence): Verdict {
  const { questions, screens } = evidence;
  const shown = new Map(screens.map((screen) => [screen.name, sortOut(screen)]));
  const plain = questions.map((question): Omit<Finding, 'isOutOfOrder'> => {
    const messages = shown.get(question.screen)?.get(question.token) ?? [];
    const answer = wholeIn(messages, question.answer);
    return {
      question,
      answer,
      surplus: surplusOf(messages, answer, question.answer),
      asks: evidence.asks.filter(({ token }) => token === question.token),
    };
  });
  const places = placesOf(screens);
  const findings = plain.map((finding, nth) => ({
    ...finding,
    isOutOfOrder: plain.slice(0, nth).some((earlier) => isOvertaken(earlier, finding, places)),
  }));
  const known = new Set(questions.map(({ token }) => token));
  return {
    findings,
    stray: screens.flatMap(({ name, shown: messages }) =>
      messages
        .filter((message) => !nameOf(message, messages).some((token) => known.has(token)))
        .map((message) => ({ ...message, screen: name })),
    ),
    lost: findings.filter(({ answer }) => answer.length === 0),
    askedTwice: findings.filter(({ asks }) => asks.length > 1),
    shownTwice: findings.filter(({ surplus }) => surplus.length > 0),
    outOfOrder: findings.filter(({ isOutOfOrder }) => isOutOfOrder),
  };
}

export const isClean = ({ stray, lost, askedTwice, shownTwice, outOfOrder }: Verdict): boolean =>
  [stray, lost, askedTwice, shownTwice, outOfOrder].every(({ length }) => length === 0);

/** The messages of each question on a screen. */
function sortOut({ shown }: ScreenEvidence): Map<string, Shown[]> {
  const sorted = new Map<string, Shown[]>();
  for (const message of shown) {
    for (const token of nameOf(message, shown)) sorted.set(token, [...(sorted.get(token) ?? []), message]);
  }
  return sorted;
}

/** Of a message that speaks of none any more, what it showed before tells. */
function nameOf(message: Shown, all: readonly Shown[]): string[] {
  const tokens = message.writes.map(({ text }) => tokensIn(text)).findLast(({ length }) => length > 0);
  if (tokens) return tokens;
  const before = all[all.indexOf(message) - 1];
  return before ? nameOf(before, all) : [];
}

const plainly = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The first run of messages that are all of the answer. One message is to be exactly what was said. */
function wholeIn(messages: readonly Shown[], answer: string): readonly Shown[] {
  const there = messages.filter(({ isDeleted }) => !isDeleted);
  const single = there.find(({ text }) => text === answer);
  if (single) return [single];
  for (let first = 0; first < there.length; first++) {
    for (let end = first + 2; end <= there.length; end++) {
      const run = there.slice(first, end);
      if (plainly(run.map(({ text }) => text).join(' ')) === plainly(answer)) return run;
    }
  }
  return [];
}

/** Of an answer that is not whole, it is whatever begins it again; of what should follow, the loss alone is told. */
function surplusOf(messages: readonly Shown[], whole: readonly Shown[], answer: string): readonly Shown[] {
  if (whole.length > 0) return messages.filter((message) => !whole.includes(message));
  const [first] = messages;
  return messages.filter((message) => message !== first && answer.startsWith(message.text.slice(0, 40)));
}

/** Where each message is on its screen. */
function placesOf(screens: readonly ScreenEvidence[]): Map<Shown, number> {
  return new Map(screens.flatMap(({ shown }) => shown.map((message, place) => [message, place] as const)));
}

type Plain = Omit<Finding, 'isOutOfOrder'>;

function isOvertaken(earlier: Plain, later: Plain, places: ReadonlyMap<Shown, number>): boolean {
  if (earlier.question.conversation !== later.question.conversation) return false;
  const [asked, askedLater] = [earlier.asks[0]?.at, later.asks[0]?.at];
  if (asked !== undefined && askedLater !== undefined && askedLater < asked) return true;
  const [last, first] = [earlier.answer.at(-1), later.answer[0]];
  return last !== undefined && first !== undefined && (places.get(first) ?? 0) < (places.get(last) ?? 0);
}

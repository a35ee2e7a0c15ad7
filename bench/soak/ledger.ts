import { answerOf } from './answers.ts';
import type { Told } from './told.ts';

/** What has become of the questions on the test platform. */
export interface Ledger {
  hear(told: Told): void;
  readonly asked: number;
  readonly answered: number;
  /** How many were asked, from the first to the last. */
  perSecond(): number;
  /** Asked, and not answered (yet). */
  readonly open: number;
  /** What should never be, in words. */
  readonly wrong: readonly string[];
}

export function openLedger(): Ledger {
  const asked = new Set<number>();
  const answered = new Set<number>();
  const wrong: string[] = [];
  let firstAt: number | undefined;
  let lastAt = 0;

  function note(number: number): void {
    asked.add(number);
    lastAt = Date.now();
    firstAt ??= lastAt;
  }

  function settle(number: number, text: string, posts: number): void {
    if (answered.has(number)) wrong.push(`${number} was answered twice`);
    if (posts !== 1) wrong.push(`the answer to ${number} had ${posts} messages`);
    if (text !== answerOf(String(number))) wrong.push(`the answer to ${number} was: ${text}`);
    answered.add(number);
  }

  return {
    hear(told) {
      if (told.kind === 'asked') note(told.number);
      if (told.kind === 'refused') wrong.push(`${told.number} was not stored: ${told.reason}`);
      if (told.kind === 'answered') settle(told.number, told.text, told.posts);
    },
    get asked() {
      return asked.size;
    },
    get answered() {
      return answered.size;
    },
    perSecond: () => asked.size / ((lastAt - (firstAt ?? lastAt)) / 1_000),
    get open() {
      return [...asked].filter((number) => !answered.has(number)).length;
    },
    wrong,
  };
}

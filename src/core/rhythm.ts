import { createDelay } from './delay.ts';
import type { Budget, Place, Purpose } from './ports/budget.ts';
import type { Pace } from './ports/platform.ts';
import type { Clock } from './ports/world.ts';
import type { Write } from './screen.ts';

/** From the first delta on, this long is waited for a text that can be read before anything is shown. */
const firstPaintAfterMs = 1_000;

/** Short answers look live: for so long after the first paint the interval does not grow. */
const steadyForMs = 10_000;

/** Enough to be read as something: a sentence, some 20 letters, or 8 characters of Chinese, Japanese or Korean. */
function isReadable(text: string): boolean {
  const letters = text.trim();
  if (letters.length >= 20 || /[.!?。！？](?:\s|$)/.test(letters)) return true;
  return (
    (letters.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu)?.length ??
      0) >= 8
  );
}

interface RhythmOptions {
  readonly place: Place;
  readonly pace: Pace;
  /** Whose calls they are. */
  readonly answer: string;
  readonly budget: Budget;
  readonly clock: Clock;
}

/** What is to be written. */
interface Wanted {
  readonly text: string;
  /** When the first of it came. */
  readonly since: number | undefined;
  readonly isFinal: boolean;
  /** Nothing is shown yet. */
  readonly isFirst: boolean;
  readonly kind: Write['kind'];
}

/** When the next write of one reply may happen. */
export interface Rhythm {
  /** 0 has drawn from the budget: write now. Otherwise the milliseconds after which to ask again. */
  waitFor(wanted: Wanted): Promise<number>;
  /** There is more to show. */
  grown(now: number): void;
  /** It was written; the interval counts from when that began, for the way to the platform may be long. */
  written(begunAt: number): void;
  /** The last answer was the budget's: nothing that comes meanwhile changes it. */
  readonly isRefused: boolean;
  readonly firstPaintAt: number | undefined;
  /** The longest, in milliseconds, that something to show has waited for a write. */
  readonly mostBehindMs: number | undefined;
  readonly writes: number;
}

/**
 * Each write reads the whole text several times, on its way to the reader too. The longer that is the rarer it is done, so
 * that it takes a share of the time and not all of it: a fast megabyte would block the process. Short texts do not wait.
 */
const toReadMs = (text: string): number => Math.floor(text.length / 20_000);

/** A preview does not ask more often than this. */
const leastAskMs = 100;

/** The store is away: so long until it is asked again. */
const storePauseMs = 500;

export function createRhythm({ place, pace, answer, budget, clock }: RhythmOptions): Rhythm {
  let firstPaintAt: number | undefined;
  let lastAt = 0;
  let intervalMs = pace.minIntervalMs;
  let writes = 0;
  let isRefused = false;
  const delay = createDelay();

  function timeLeft({ text, since = clock.now(), isFirst, kind }: Wanted): number {
    if (isFirst) return isReadable(text) ? 0 : since + firstPaintAfterMs - clock.now();
    const interval = kind === 'draft' ? (pace.draft?.minIntervalMs ?? intervalMs) : intervalMs;
    // A further message comes right after the one before it is whole.
    return kind === 'post' ? 0 : lastAt + interval - clock.now();
  }

  function purposeOf({ isFirst, isFinal, kind }: Wanted): Purpose {
    if (isFinal) return 'final';
    if (kind === 'draft') return 'draft';
    if (isFirst) return 'first';
    return kind === 'post' ? 'next' : 'preview';
  }

  return {
    async waitFor(wanted) {
      if (pace.isFree) return wanted.isFinal ? 0 : Math.max(0, lastAt + toReadMs(wanted.text) - clock.now());
      const leftMs = wanted.isFinal ? 0 : timeLeft(wanted);
      isRefused = leftMs <= 0;
      if (!isRefused) return leftMs;
      const purpose = purposeOf(wanted);
      const waitMs = await budget.draw({ place, pace, purpose, answer }).catch(() => storePauseMs);
      // Of hundreds that wait for their turn, those near it would ask every few milliseconds.
      return waitMs > 0 && purpose === 'preview' ? Math.max(waitMs, leastAskMs) : waitMs;
    },
    grown: delay.grown,
    written(begunAt) {
      const now = clock.now();
      lastAt = begunAt;
      writes += 1;
      firstPaintAt ??= now;
      delay.written(begunAt, now);
      if (lastAt - firstPaintAt > steadyForMs)
        intervalMs = Math.min(intervalMs * pace.growth, pace.maxIntervalMs);
    },
    get isRefused() {
      return isRefused;
    },
    get firstPaintAt() {
      return firstPaintAt;
    },
    get mostBehindMs() {
      return delay.mostMs;
    },
    get writes() {
      return writes;
    },
  };
}

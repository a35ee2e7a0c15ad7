import type { Budget, Place, Purpose } from './ports/budget.ts';
import type { Pace } from './ports/platform.ts';
import type { Clock } from './ports/world.ts';

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

/** When the store is away, so long until it is asked again. */
const awayMs = 500;

interface RhythmOptions {
  readonly place: Place;
  readonly pace: Pace;
  readonly budget: Budget;
  readonly clock: Clock;
  /** Which answer it is, by a name that no other has. */
  readonly answer: string;
}

/** What is to be written. */
interface Wanted {
  readonly text: string;
  /** When the first of it came. */
  readonly since: number | undefined;
  readonly final: boolean;
  /** Nothing is shown yet. */
  readonly first: boolean;
  /** It is a further message. */
  readonly next?: boolean;
}

/** When the next write of one reply may happen. */
export interface Rhythm {
  /** 0 has drawn from the budget: write now. Otherwise the milliseconds after which to ask again. */
  waitFor(wanted: Wanted): Promise<number>;
  written(): void;
  /** Nothing more will be written. */
  end(): void;
  readonly firstPaintAt: number | undefined;
  readonly writes: number;
}

export function createRhythm({ place, pace, budget, clock, answer }: RhythmOptions): Rhythm {
  let firstPaintAt: number | undefined;
  let lastAt = 0;
  let intervalMs = pace.minIntervalMs;
  let writes = 0;

  const draw = (purpose: Purpose) => budget.draw({ place, pace, purpose, answer }).catch(() => awayMs);

  return {
    async waitFor({ text, since = clock.now(), final, first, next }) {
      if (final) return draw('final');
      const leftMs = (first ? since + firstPaintAfterMs : lastAt + intervalMs) - clock.now();
      if (leftMs > 0 && !(first && isReadable(text))) return leftMs;
      if (first) return draw('first');
      return draw(next ? 'next' : 'preview');
    },
    written() {
      lastAt = clock.now();
      writes += 1;
      firstPaintAt ??= lastAt;
      if (lastAt - firstPaintAt > steadyForMs)
        intervalMs = Math.min(intervalMs * pace.growth, pace.maxIntervalMs);
    },
    end: () => void budget.leave(place, answer).catch(() => undefined),
    get firstPaintAt() {
      return firstPaintAt;
    },
    get writes() {
      return writes;
    },
  };
}

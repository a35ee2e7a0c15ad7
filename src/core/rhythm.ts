import type { ReplyTarget } from './message.ts';
import type { Paces } from './pacing.ts';
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

interface RhythmOptions {
  readonly target: ReplyTarget;
  readonly pace: Pace;
  readonly paces: Paces;
  readonly clock: Clock;
}

/** What is to be written. */
interface Wanted {
  readonly text: string;
  /** When the first of it came. */
  readonly since: number | undefined;
  readonly final: boolean;
  /** Nothing is shown yet. */
  readonly first: boolean;
}

/** When the next write of one reply may happen. */
export interface Rhythm {
  /** 0 has taken a token: write now. Otherwise the milliseconds after which to ask again. */
  waitFor(wanted: Wanted): number;
  written(): void;
  readonly firstPaintAt: number | undefined;
  readonly writes: number;
}

export function createRhythm({ target, pace, paces, clock }: RhythmOptions): Rhythm {
  let firstPaintAt: number | undefined;
  let lastAt = 0;
  let intervalMs = pace.minIntervalMs;
  let writes = 0;

  return {
    waitFor({ text, since = clock.now(), final, first }) {
      if (final) return paces.request(target, pace, 'final');
      const leftMs = (first ? since + firstPaintAfterMs : lastAt + intervalMs) - clock.now();
      if (leftMs > 0 && !(first && isReadable(text))) return leftMs;
      return paces.request(target, pace, first ? 'first' : 'preview');
    },
    written() {
      lastAt = clock.now();
      writes += 1;
      firstPaintAt ??= lastAt;
      if (lastAt - firstPaintAt > steadyForMs)
        intervalMs = Math.min(intervalMs * pace.growth, pace.maxIntervalMs);
    },
    get firstPaintAt() {
      return firstPaintAt;
    },
    get writes() {
      return writes;
    },
  };
}

import { whatIsAwaited } from './awaited.ts';
import type { Shell } from './command.ts';

/** Waiting that a person is told of, once, and that ends some time. */
export interface Patience {
  /** Aborts, in words for the owner, when nothing has come for ten minutes. */
  readonly signal: AbortSignal;
  /** Something has come. */
  renew(): void;
  end(): void;
}

/** Silence before the first word, and after it: a bot may look something up meanwhile. */
const startledAfterSeconds = { atFirst: 5, later: 30 };

/** As long as `POST /chat` waits. */
const mostMs = 10 * 60_000;

export function createPatience(url: string, { complain }: Pick<Shell, 'complain'>): Patience {
  const over = new AbortController();
  const gaveUp = 'Nothing has come for ten minutes. The question is taken back, as far as it can be.';
  const limit = setTimeout(() => over.abort(new Error(gaveUp)), mostMs);
  let silence = 0;
  let timer = startle(startledAfterSeconds.atFirst);

  function startle(seconds: number): NodeJS.Timeout {
    const which = ++silence;
    return setTimeout(async () => {
      const words = await whatIsAwaited(url);
      if (which !== silence) return;
      complain(`Nothing has come for ${seconds} seconds. ${words}`);
      complain('Waiting goes on, for ten minutes at most; Ctrl-C ends it.');
    }, seconds * 1_000);
  }

  return {
    signal: over.signal,
    renew() {
      limit.refresh();
      clearTimeout(timer);
      timer = startle(startledAfterSeconds.later);
    },
    end() {
      silence += 1;
      clearTimeout(limit);
      clearTimeout(timer);
    },
  };
}

import { backOffMs } from './back-off.ts';
import { RateLimited, Unreachable } from './errors.ts';
import type { Budget, Place } from './ports/budget.ts';
import type { Clock } from './ports/world.ts';

/** Calls that fail in a row before a reply gives up that is whole; the mailbox tries it again later. */
const failuresBorne = 5;

const longestPauseMs = 30_000;

interface PatienceOptions {
  readonly place: Place;
  readonly clock: Clock;
  readonly budget: Pick<Budget, 'block'>;
  readonly signal: AbortSignal;
  /** Resolves after the time, or earlier when there is reason to try at once. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Bears the errors that time mends, and throws the others. */
export function createPatience({ place, clock, budget, signal, pause }: PatienceOptions) {
  let failures = 0;
  return {
    restored() {
      failures = 0;
    },
    /** `isFinal`: all that is left is to show it. */
    async bear(error: unknown, isFinal: boolean): Promise<void> {
      if (error instanceof RateLimited) {
        // While the store is away, this reply at least is silent.
        return budget.block(place, error).catch(() => clock.sleep(error.retryAfterMs, signal));
      }
      failures += 1;
      // While the answer grows there is still something to wait for.
      if (!(error instanceof Unreachable) || (isFinal && failures >= failuresBorne)) throw error;
      await pause(backOffMs(failures - 1, longestPauseMs));
    },
  };
}

import { RateLimited, Unreachable } from './errors.ts';
import type { Budget, Place } from './ports/budget.ts';
import type { Clock } from './ports/world.ts';

/** Calls that fail in a row before a reply gives up; the mailbox tries the whole turn again later. */
const failuresBorne = 5;

interface PatienceOptions {
  readonly place: Place;
  readonly clock: Clock;
  readonly budget: Pick<Budget, 'block'>;
  readonly signal: AbortSignal;
}

/** Bears the errors that time mends, and throws the others. */
export function createPatience({ place, clock, budget, signal }: PatienceOptions) {
  let failures = 0;
  return {
    restored() {
      failures = 0;
    },
    async bear(error: unknown): Promise<void> {
      if (error instanceof RateLimited) {
        // While the store is away, this reply at least is silent.
        return budget.block(place, error).catch(() => clock.sleep(error.retryAfterMs, signal));
      }
      failures += 1;
      // A post whose fate is unknown is made again: a line that stands twice is better than an answer that never came.
      if (!(error instanceof Unreachable) || failures >= failuresBorne) throw error;
      await clock.sleep(Math.min(2 ** (failures - 1), 8) * 1_000, signal);
    },
  };
}

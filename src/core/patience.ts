import { RateLimited, Unreachable } from './errors.ts';
import type { ReplyTarget } from './message.ts';
import type { Paces } from './pacing.ts';
import type { Clock } from './ports/world.ts';

/** Calls that fail in a row before a reply gives up; the mailbox tries the whole turn again later. */
const failuresBorne = 5;

interface PatienceOptions {
  readonly target: ReplyTarget;
  readonly clock: Clock;
  readonly paces: Paces;
  readonly signal: AbortSignal;
}

/** Bears the errors that time mends, and throws the others. */
export function createPatience({ target, clock, paces, signal }: PatienceOptions) {
  let failures = 0;
  return {
    restored() {
      failures = 0;
    },
    async bear(error: unknown): Promise<void> {
      if (error instanceof RateLimited) return paces.block(target, error);
      failures += 1;
      // A post whose fate is unknown is made again: a line that stands twice is better than an answer that never came.
      if (!(error instanceof Unreachable) || failures >= failuresBorne) throw error;
      await clock.sleep(Math.min(2 ** (failures - 1), 8) * 1_000, signal);
    },
  };
}

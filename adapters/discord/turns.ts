import type { Clock } from '../../src/core/ports/world.ts';

/** Ten a second: of the fifty that Discord allows, most are for answers. */
const gapMs = 100;

/** Keeps calls apart, and silent when Discord wants it so. Who comes first calls first. */
export interface Turns {
  /** Resolves when a call may be made; rejects with TooLong when that is not soon. */
  take(): Promise<void>;
  /** None may be made for so long. */
  wait(ms: number): void;
}

/** No call may be made for longer than anybody would wait. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
}

export function createTurns(clock: Clock, signal: AbortSignal, patienceMs: number): Turns {
  let nextAt = 0;
  let last: Promise<void> = Promise.resolve();

  async function wait(): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const waitMs = nextAt - clock.now();
      if (waitMs <= 0) break;
      if (waitMs >= patienceMs) throw new TooLong('rate limit');
      await clock.sleep(waitMs, signal);
    }
    nextAt = clock.now() + gapMs;
  }

  return {
    take() {
      const taken = last.then(wait);
      last = taken.catch(() => undefined);
      return taken;
    },
    wait(ms) {
      nextAt = Math.max(nextAt, clock.now() + ms);
    },
  };
}

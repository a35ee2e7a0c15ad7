import type { Clock } from '../core/ports/world.ts';
import type { Waiting } from './mail-table.ts';

/** The waits for the rest of open messages, one for each line. */
export interface Rests {
  /** Resolves when it was waited for, or when there is something to look at. Never rejects. */
  wait(key: string, waiting: Waiting): Promise<void>;
  /** There is something to look at. */
  wake(key: string): void;
  /** Until when the rest of the first message has been waited for in full: once, as the clock may have been set back. */
  awaited(key: string): number | undefined;
  forget(key: string): void;
}

export function createRests(clock: Clock, halt: AbortSignal): Rests {
  const waits = new Map<string, AbortController>();
  const awaited = new Map<string, number>();
  return {
    async wait(key, { openUntil, waitMs }) {
      const woken = new AbortController();
      waits.set(key, woken);
      await clock.sleep(waitMs, AbortSignal.any([halt, woken.signal])).then(
        () => awaited.set(key, openUntil),
        () => {},
      );
      waits.delete(key);
    },
    wake: (key) => waits.get(key)?.abort(),
    awaited: (key) => awaited.get(key),
    forget: (key) => void awaited.delete(key),
  };
}

import type { Clock } from './ports/world.ts';

/** One sleeper, and those who wake it. A ring before the sleep counts. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after `ms`; rejects when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createBell(clock: Clock): Bell {
  let rung = new AbortController();
  return {
    ring: () => rung.abort(),
    async wait(ms, signal) {
      const ring = rung.signal;
      await clock.sleep(ms, AbortSignal.any([ring, signal])).catch(() => signal.throwIfAborted());
      if (ring.aborted) rung = new AbortController();
    },
  };
}

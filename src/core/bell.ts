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
    ring: () => rung.abort('rung'),
    async wait(ms, signal) {
      const awake = rung;
      const leave = (): void => awake.abort('left');
      signal.throwIfAborted();
      signal.addEventListener('abort', leave);
      await clock.sleep(ms, awake.signal).catch(() => signal.throwIfAborted());
      signal.removeEventListener('abort', leave);
      if (awake.signal.aborted) rung = new AbortController();
    },
  };
}

import type { Clock } from '../../src/core/ports/world.ts';

export interface StillClock extends Clock {
  advance(ms: number): void;
  /** Whether somebody now sleeps for `ms`. */
  sleeps(ms: number): boolean;
  sleepsUntil(time: number): boolean;
  /** Whether anybody sleeps at all. */
  isAwaited(): boolean;
}

/** Time stands still until a test moves it, so that no limit is ever reached by a slow machine. */
export function createStillClock(): StillClock {
  let now = 1_700_000_000_000;
  const sleepers = new Set<{ ms: number; until: number; wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { ms, until: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    advance: (ms) => {
      now += ms;
      for (const sleeper of sleepers) {
        if (sleeper.until > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    isAwaited: () => sleepers.size > 0,
    sleepsUntil: (time) => [...sleepers].some(({ until }) => until === time),
    sleeps: (ms) => [...sleepers].some((sleeper) => sleeper.ms === ms),
  };
}

import type { Interrupt } from './ports.ts';

/** The turns that run in this process, so that a wish from outside finds them. */
export interface RunningTurns {
  /** The signal aborts when an interrupt is meant for this turn. */
  enter(key: string, generation: number): AbortSignal;
  leave(key: string, stop: AbortSignal): void;
  interrupt(interrupt: Interrupt): void;
}

export function createRunningTurns(): RunningTurns {
  const turns = new Map<string, { generation: number; stop: AbortController }>();
  return {
    enter(key, generation) {
      const stop = new AbortController();
      turns.set(key, { generation, stop });
      return stop.signal;
    },
    leave(key, stop) {
      // A turn that lost its delivery may leave after its successor has entered.
      if (turns.get(key)?.stop.signal === stop) turns.delete(key);
    },
    interrupt({ key, generation }) {
      const turn = turns.get(key);
      // A turn of the new generation has begun after the reset: it is not meant.
      if (turn && turn.generation < generation) turn.stop.abort();
    },
  };
}

import type { Interrupt } from './ports/store.ts';

/** A turn that an interrupt can find. */
export interface RunningTurn {
  /** Aborts when an interrupt is meant for this turn. */
  readonly stop: AbortSignal;
  /** From now on interrupts of a later generation are meant for it. */
  joins(generation: number): void;
  /** The one that it has joined; before that, the highest there can be: it will look up the newest. */
  readonly generation: number;
  leave(): void;
}

/** The turns that run in this process, so that a wish from outside finds them. */
export interface RunningTurns {
  enter(key: string, messageId: string): RunningTurn;
  interrupt(interrupt: Interrupt): void;
}

export function createRunningTurns(): RunningTurns {
  const turns = new Map<string, Running>();
  return {
    enter(key, messageId) {
      const turn = { messageId, generation: Number.MAX_SAFE_INTEGER, stop: new AbortController() };
      turns.set(key, turn);
      return {
        stop: turn.stop.signal,
        joins(generation) {
          turn.generation = generation;
        },
        get generation() {
          return turn.generation;
        },
        leave() {
          // A turn that lost its delivery may leave after its successor has entered.
          if (turns.get(key) === turn) turns.delete(key);
        },
      };
    },
    interrupt(interrupt) {
      const turn = turns.get(interrupt.key);
      if (turn && isMeant(turn, interrupt)) turn.stop.abort();
    },
  };
}

interface Running {
  readonly messageId: string;
  generation: number;
  readonly stop: AbortController;
}

/** A turn of the new generation has begun after the reset. */
function isMeant({ messageId, generation }: Running, interrupt: Interrupt): boolean {
  return 'stop' in interrupt ? messageId === interrupt.stop : generation < interrupt.generation;
}

import type { Call } from './intake.ts';

/** Questions that wait for their turn to be asked. */
export interface GateLine {
  /** Before all with higher tickets. Resolves when it is let go; rejects with what it fails with, or with the signal's reason. */
  enter(ticket: number, signal: AbortSignal): Promise<Call>;
  /** Lets the first of them go. */
  letGo(call: Call): void;
  failAll(error: unknown): void;
  readonly isEmpty: boolean;
}

interface Place {
  readonly ticket: number;
  go(call: Call): void;
  fail(error: unknown): void;
}

export function createGateLine(): GateLine {
  /** By their tickets. */
  let line: Place[] = [];

  function enter(ticket: number, signal: AbortSignal): Promise<Call> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const leave = (): void => {
        line = line.filter((other) => other !== place);
        reject(signal.reason);
      };
      const stay = (): void => signal.removeEventListener('abort', leave);
      const place: Place = {
        ticket,
        go(call) {
          stay();
          resolve(call);
        },
        fail(error) {
          stay();
          reject(error);
        },
      };
      signal.addEventListener('abort', leave);
      line.splice(line.findLastIndex((other) => other.ticket < ticket) + 1, 0, place);
    });
  }

  return {
    enter,
    letGo: (call) => line.shift()?.go(call),
    failAll(error) {
      const all = line;
      line = [];
      for (const place of all) place.fail(error);
    },
    get isEmpty() {
      return line.length === 0;
    },
  };
}

import type { Clock } from './ports/world.ts';

/** Those who wait for their turn, in the order in which they came. */
export interface Line {
  /** How many have a turn before this one. */
  before(id: string): number;
  /** Joins the line, or stays in it, and asks again after `ms`. */
  wait(id: string, ms: number): void;
  leave(id: string): void;
}

/** Who is so late to ask again has gone. */
const lateMs = 1_000;

export function createLine(clock: Clock): Line {
  /** When each asks again. */
  const asksAt = new Map<string, number>();
  return {
    before(id) {
      const now = clock.now();
      let before = 0;
      for (const [other, at] of asksAt) {
        if (other === id) break;
        if (now - at > lateMs) asksAt.delete(other);
        else before += 1;
      }
      return before;
    },
    wait: (id, ms) => void asksAt.set(id, clock.now() + ms),
    leave: (id) => void asksAt.delete(id),
  };
}

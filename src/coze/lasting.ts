import type { Clock } from '../core/ports/world.ts';

/** What ends by itself, each at its time, by key. */
export interface Lasting<Key, Value> {
  get(key: Key): Value | undefined;
  put(key: Key, value: Value): void;
  delete(key: Key): void;
  readonly size: number;
}

/** A map that does not grow by what has ended: that is taken out when something else is put in. */
export function createLasting<Key, Value extends { readonly endsAt: number }>(
  clock: Clock,
): Lasting<Key, Value> {
  /** In the order of putting in. What lasts equally long ends in that order too. */
  const values = new Map<Key, Value>();
  return {
    get: (key) => values.get(key),
    put(key, value) {
      values.delete(key);
      for (const [other, { endsAt }] of values) {
        if (endsAt > clock.now()) break;
        values.delete(other);
      }
      values.set(key, value);
    },
    delete: (key) => void values.delete(key),
    get size() {
      return values.size;
    },
  };
}

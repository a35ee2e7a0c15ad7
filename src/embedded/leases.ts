import { whenAborted } from '../core/aborted.ts';
import type { Leases } from '../core/ports/store.ts';

/** There is only one process, so a lease is never lost. */
export function createLeases(): Leases {
  const held = new Map<string, AbortController>();
  return {
    async take(name, signal, onWait) {
      if (held.has(name)) onWait();
      for (let other = held.get(name); other; other = held.get(name)) {
        await whenAborted(AbortSignal.any([other.signal, signal]));
        signal.throwIfAborted();
      }
      const released = new AbortController();
      held.set(name, released);
      return {
        lost: new AbortController().signal,
        async release() {
          if (held.get(name) === released) held.delete(name);
          released.abort();
        },
      };
    },
  };
}

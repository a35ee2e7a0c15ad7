import type { Interrupt, Interrupts } from '../core/ports/store.ts';
import type { Log } from '../core/ports/world.ts';

/** There is only one process, so nothing has to travel. */
export function createInterrupts(log: Log): Interrupts {
  const listeners: ((interrupt: Interrupt) => void)[] = [];
  return {
    async send(interrupt) {
      for (const listener of listeners) {
        try {
          listener(interrupt);
        } catch (error) {
          log.error({ err: error }, 'a listener of interrupts failed');
        }
      }
    },
    listen: (listener) => void listeners.push(listener),
  };
}

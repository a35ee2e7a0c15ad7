import type { Shell } from './command.ts';

/** How often to look whether whoever started us is still there. */
const lookEveryMs = 500;

interface Leaving {
  readonly prepare: Shell['beforeLeaving'];
  /** The process ends by itself as soon as it may. */
  hasBegun(): boolean;
}

/**
 * Ends the process by a signal, when nobody reads any more, or when npm has gone, once everything is in order; by a second
 * signal at once. A shell sees of a signal what it would see without all this.
 */
export function createLeaving({ isOfNpm }: { readonly isOfNpm: boolean }): Leaving {
  let putInOrder = async () => {};
  let isLeaving = false;

  async function leave(end: () => void): Promise<void> {
    if (isLeaving) return;
    isLeaving = true;
    await putInOrder().catch(() => undefined);
    end();
  }

  // The listener is gone by then.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => void leave(() => process.kill(process.pid, name)));
  // Whoever reads it may have seen enough: `| head`.
  process.stdout.on('error', () => void leave(() => process.exit()));
  if (isOfNpm) {
    const parent = process.ppid;
    const look = () => process.ppid === parent || void leave(() => process.exit(1));
    setInterval(look, lookEveryMs).unref();
  }
  return {
    prepare(given) {
      putInOrder = given;
    },
    hasBegun: () => isLeaving,
  };
}

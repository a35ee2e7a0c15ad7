import type { Clock, Log } from './core/ports/world.ts';

/** How often to look whether whoever started us is still there. */
const lookEveryMs = 500;

/** How long running turns may go on after the process was asked to end. */
const graceMs = 20_000;

/** How a process ends. */
export interface Lifecycle {
  /** Aborts when nothing new is to be taken. */
  readonly stop: AbortSignal;
  /** Aborts when what still runs must be left to the next process. */
  readonly leave: AbortSignal;
  end(reason: string): void;
}

/** SIGTERM and SIGINT end the process in order; a second one ends it at once. */
export function createLifecycle(clock: Clock, log: Log): Lifecycle {
  const stop = new AbortController();
  const leave = new AbortController();
  const end = (reason: string): void => {
    if (stop.signal.aborted) return;
    log.info({ reason, graceMs }, 'stopping');
    stop.abort();
    // When all turns have ended before that, so has the process.
    void clock.sleep(graceMs).then(() => leave.abort());
  };
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(1);
      end(name);
    });
  }
  return { stop: stop.signal, leave: leave.signal, end };
}

/**
 * npm passes a signal on to the shell between us, which passes it to nobody: all that is seen of it here is that the
 * shell is gone.
 */
export async function endWithParent({ stop, end }: Lifecycle, clock: Clock): Promise<void> {
  const parent = process.ppid;
  while (!stop.aborted) {
    if (process.ppid !== parent) end('the process that started it has ended');
    await clock.sleep(lookEveryMs, stop).catch(() => undefined);
  }
}

import type { Notes } from '../../src/core/ports/store.ts';
import type { Clock, Log } from '../../src/core/ports/world.ts';
import { createEpisode } from './episode.ts';

export interface NotingOptions {
  readonly notes: Notes;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Writes notes a little after they have changed, however often they do. */
interface Noting {
  /** Before that nothing is written. */
  open(book: string): void;
  change(name: string): void;
  /** Writes at once, and this too; resolves when that is done, or has failed. */
  write(name?: string): Promise<void>;
}

/** What is not noted when the process dies is looked up once more, and known again then. */
const everyMs = 2_000;
const sweepEveryMs = 60 * 60 * 1_000;

/** `sweep` is called about once an hour, as long as something changes; it may fail. */
export function createNoting(
  { notes, clock, log, signal }: NotingOptions,
  contentOf: (name: string) => string,
  sweep: (book: string) => Promise<void>,
): Noting {
  const changed = new Set<string>();
  let book: string | undefined;
  let isWriting = false;
  let sweptAt = 0;
  const failing = createEpisode({
    begin: (fields) => log.warn(fields, 'what has been seen last could not be noted; trying again'),
    end: (fields) => log.info(fields, 'what has been seen last can be noted again'),
  });

  async function write(): Promise<void> {
    if (book === undefined) return;
    for (const name of [...changed]) {
      changed.delete(name);
      try {
        await notes.keep(book, name, contentOf(name));
        failing.end();
      } catch (error) {
        changed.add(name);
        return failing.begin({ reason: error instanceof Error ? error.message : String(error) });
      }
    }
    if (clock.now() - sweptAt < sweepEveryMs) return;
    sweptAt = clock.now();
    await sweep(book).catch(() => undefined);
  }

  async function writeOn(): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    try {
      while (changed.size > 0) {
        await clock.sleep(everyMs, signal);
        await write();
      }
    } catch {
      // The end: what is left is written by whoever ends it.
    } finally {
      isWriting = false;
    }
  }

  return {
    open(name) {
      book = name;
      sweptAt = clock.now();
    },
    change(name) {
      changed.add(name);
      void writeOn();
    },
    write(name) {
      if (name !== undefined) changed.add(name);
      return write();
    },
  };
}

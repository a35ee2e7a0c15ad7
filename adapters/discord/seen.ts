import { z } from 'zod';
import type { Notes } from '../../src/core/ports/store.ts';
import type { Clock, Log } from '../../src/core/ports/world.ts';
import { createEpisode } from './episode.ts';
import { idBefore, isLater } from './snowflake.ts';

/** A channel, a thread or a DM, and what a message that is looked up there does not tell of it. */
export interface Spot {
  readonly channel: string;
  /** None for a DM. */
  readonly guild?: string | undefined;
  readonly type?: number | undefined;
}

/** The last message that has been seen to in a channel. */
export interface Mark extends Spot {
  readonly last: string;
}

/** What has been seen to in each channel, for the time after a gap: in memory at once, in the notes a little later. */
export interface Seen {
  /** Reads the notes of this bot; resolves with the channels that were in them. */
  load(bot: string): Promise<ReadonlySet<string>>;
  has(channel: string): boolean;
  find(channel: string): Mark | undefined;
  /** This message is heard, and not seen to yet: where nothing is known, all before it counts as seen. */
  hear(spot: Spot, id: string): void;
  /** It has been seen to, and all before it. */
  pass(spot: Spot, id: string): void;
  forget(channel: string): void;
  /** What was active in the last day, the newest first. */
  active(): Mark[];
  /** Resolves when the notes know everything. */
  settle(): Promise<void>;
}

interface SeenOptions {
  readonly notes: Notes;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const rememberedForMs = 24 * 60 * 60 * 1_000;
/** What is not noted when the process dies is looked up once more, and known again then. */
const notedEveryMs = 2_000;

const noteShape = z.object({
  last: z.string().regex(/^\d{1,20}$/),
  guild: z.string().optional(),
  type: z.int().optional(),
});

/** Notes cannot be taken back. */
const forgotten = '';

export function createSeen({ notes, clock, log, signal }: SeenOptions): Seen {
  const marks = new Map<string, Mark & { readonly at: number }>();
  const unnoted = new Set<string>();
  let book = '';
  let isWriting = false;
  const failing = createEpisode({
    begin: (fields) => log.warn(fields, 'what has been seen last could not be noted; trying again'),
    end: (fields) => log.info(fields, 'what has been seen last can be noted again'),
  });

  async function write(): Promise<void> {
    for (const channel of [...unnoted]) {
      unnoted.delete(channel);
      try {
        await notes.keep(book, channel, noteOf(marks.get(channel)));
        failing.end();
      } catch (error) {
        unnoted.add(channel);
        return failing.begin({ reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }

  async function writeOn(): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    try {
      while (unnoted.size > 0) {
        await clock.sleep(notedEveryMs, signal);
        await write();
      }
    } catch {
      // The end; what is left is for `settle`.
    } finally {
      isWriting = false;
    }
  }

  function mark(spot: Spot, last: string): void {
    const { channel, guild, type = marks.get(channel)?.type } = spot;
    const more = { ...(guild && { guild }), ...(type !== undefined && { type }) };
    marks.set(channel, { channel, last, ...more, at: clock.now() });
    unnoted.add(channel);
    void writeOn();
  }

  return {
    async load(bot) {
      book = `discord/seen/${bot}`;
      const known = (await notes.list(book, clock.now() - rememberedForMs)).flatMap(markOf);
      for (const one of known) {
        const { last = '0' } = marks.get(one.channel) ?? {};
        if (isLater(one.last, last)) marks.set(one.channel, { ...one, at: clock.now() });
      }
      return new Set(known.map(({ channel }) => channel));
    },
    has: (channel) => marks.has(channel),
    find: (channel) => marks.get(channel),
    hear(spot, id) {
      if (marks.has(spot.channel)) return;
      mark(spot, idBefore(id));
      // At once: without it nobody would ever look there.
      void write();
    },
    pass(spot, id) {
      const { last = '0' } = marks.get(spot.channel) ?? {};
      if (isLater(id, last)) mark(spot, id);
    },
    forget(channel) {
      if (!marks.delete(channel)) return;
      unnoted.add(channel);
      void writeOn();
    },
    active() {
      const since = clock.now() - rememberedForMs;
      for (const { channel, at } of [...marks.values()]) if (at < since) marks.delete(channel);
      return [...marks.values()].sort((one, other) => (isLater(other.last, one.last) ? 1 : -1));
    },
    settle: write,
  };
}

const noteOf = (mark: Mark | undefined): string => {
  if (!mark) return forgotten;
  const { last, guild, type } = mark;
  return JSON.stringify({ last, guild, type });
};

function markOf({ name, value }: { readonly name: string; readonly value: string }): Mark[] {
  try {
    const { data } = noteShape.safeParse(JSON.parse(value));
    return data ? [{ channel: name, ...data }] : [];
  } catch {
    return [];
  }
}

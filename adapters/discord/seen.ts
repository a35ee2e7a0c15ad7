import { z } from 'zod';
import { createNoting, type NotingOptions } from './noting.ts';
import { idBefore, isLater } from './snowflake.ts';

/** A channel, a thread or a DM, and what a message that is looked up there does not tell of it. */
export interface Spot {
  readonly channel: string;
  /** None for a DM. */
  readonly guild?: string | undefined;
  readonly type?: number | undefined;
}

/** The last message that has been seen to in a channel. */
interface Mark extends Spot {
  readonly last: string;
}

/** What the notes of the last day tell. */
export interface Known {
  readonly channels: ReadonlySet<string>;
  /** The bot has listened before. */
  readonly hasListened: boolean;
}

/** What has been seen to in each channel, for the time after a gap: in memory at once, in the notes a little later. */
export interface Seen {
  /** Reads the notes of this bot, and notes that it listens. */
  load(bot: string): Promise<Known>;
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

const rememberedForMs = 24 * 60 * 60 * 1_000;

const noteShape = z.object({
  last: z.string().regex(/^\d{1,20}$/),
  guild: z.string().optional(),
  type: z.int().optional(),
});

/** Notes cannot be taken back. */
const forgotten = '';
/** Not a channel: that the bot was listening then. */
const listened = 'listened';

export function createSeen({ notes, clock, log, signal }: NotingOptions): Seen {
  const marks = new Map<string, Mark & { readonly at: number }>();
  /** Marks that were made before the notes were read, which may know better. */
  const assumed = new Set<string>();
  let isLoaded = false;
  const contentOf = (name: string) => (name === listened ? '{}' : noteOf(marks.get(name)));
  const noting = createNoting({ notes, clock, log, signal }, contentOf, sweep);

  /** A session may last for weeks, in which nobody reads the notes. */
  async function sweep(book: string): Promise<void> {
    dropOld();
    // So do the notes, which forget what is older.
    await notes.list(book, clock.now() - rememberedForMs);
    noting.change(listened);
  }

  function dropOld(): void {
    const since = clock.now() - rememberedForMs;
    for (const { channel, at } of [...marks.values()]) if (at < since) marks.delete(channel);
  }

  function mark(spot: Spot, last: string): void {
    const { channel, guild, type = marks.get(channel)?.type } = spot;
    const more = { ...(guild && { guild }), ...(type !== undefined && { type }) };
    marks.set(channel, { channel, last, ...more, at: clock.now() });
    noting.change(channel);
  }

  return {
    async load(bot) {
      const name = `discord/seen/${bot}`;
      const noted = await notes.list(name, clock.now() - rememberedForMs);
      const known = noted.flatMap(markOf);
      for (const one of known) {
        const { last = '0' } = marks.get(one.channel) ?? {};
        const isBetter = assumed.has(one.channel) || isLater(one.last, last);
        if (isBetter) marks.set(one.channel, { ...one, at: clock.now() });
      }
      assumed.clear();
      isLoaded = true;
      noting.open(name);
      void noting.write(listened);
      return { channels: new Set(known.map(({ channel }) => channel)), hasListened: noted.length > 0 };
    },
    has: (channel) => marks.has(channel),
    find: (channel) => marks.get(channel),
    hear(spot, id) {
      if (marks.has(spot.channel)) return;
      mark(spot, idBefore(id));
      if (!isLoaded) assumed.add(spot.channel);
      // At once: without it nobody would ever look there.
      void noting.write();
    },
    pass(spot, id) {
      const { last = '0' } = marks.get(spot.channel) ?? {};
      if (isLater(id, last)) mark(spot, id);
    },
    forget(channel) {
      if (!marks.delete(channel)) return;
      noting.change(channel);
    },
    active() {
      dropOld();
      return [...marks.values()].sort((one, other) => (isLater(other.last, one.last) ? 1 : -1));
    },
    settle: () => noting.write(listened),
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

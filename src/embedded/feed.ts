import { feedKeptForMs, knownForMs } from '../core/lifetimes.ts';
import type { FeedEntry, FeedEvent, ReplyFeed } from '../core/ports/feed.ts';
import type { Clock } from '../core/ports/world.ts';
import { createQueue } from '../core/queue.ts';
import type { Database } from './database.ts';

interface Row {
  readonly nth: number;
  readonly event: string;
}

const sweepEveryMs = 60_000;

/** A row for each entry; who follows is told of it right after. */
export function createFeed(database: Database, clock: Clock): ReplyFeed {
  const listeners = new Map<string, Set<(entry: FeedEntry) => void>>();
  let sweptAt = 0;

  function sweep(): void {
    if (clock.now() - sweptAt < sweepEveryMs) return;
    sweptAt = clock.now();
    const ended = `select name from feeds where at < ? and event like '{"type":"end"%'`;
    database.run(`delete from feeds where name in (${ended})`, clock.now() - feedKeptForMs);
    database.run('delete from feeds where at < ?', clock.now() - knownForMs);
  }

  async function append(name: string, event: FeedEvent, after?: string): Promise<string | undefined> {
    sweep();
    const insert = `
      insert into feeds (name, nth, event, at)
      select ?, coalesce(max(nth), 0) + 1, ?, ? from feeds where name = ?
      having ? is null or coalesce(max(nth), 0) = ? returning nth, event`;
    const last = after === undefined ? null : Number(after);
    const row = database.get<Row>(insert, name, JSON.stringify(event), clock.now(), name, last, last);
    if (!row) return undefined;
    const entry = toEntry(row);
    for (const listener of listeners.get(name) ?? []) listener(entry);
    return entry.id;
  }

  async function* follow(name: string, signal: AbortSignal): AsyncGenerator<FeedEntry> {
    const queue = createQueue<FeedEntry>(signal);
    const those = listeners.get(name) ?? new Set();
    listeners.set(name, those.add(queue.put));
    try {
      // Nothing can come between: there is only this process, and it does one thing at a time.
      for (const row of database.all<Row>('select nth, event from feeds where name = ? order by nth', name))
        queue.put(toEntry(row));
      for await (const entry of queue) {
        yield entry;
        if (entry.event.type === 'end') return;
      }
    } finally {
      those.delete(queue.put);
      if (those.size === 0) listeners.delete(name);
    }
  }

  async function first(name: string): Promise<FeedEvent | undefined> {
    const row = database.get<Row>('select nth, event from feeds where name = ? order by nth limit 1', name);
    return row && toEntry(row).event;
  }

  return { append, first, follow };
}

const toEntry = ({ nth, event }: Row): FeedEntry => ({
  id: String(nth),
  event: JSON.parse(event) as FeedEvent,
});

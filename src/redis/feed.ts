import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { feedKeptForMs, knownForMs } from '../core/lifetimes.ts';
import type { FeedEntry, FeedEvent, ReplyFeed } from '../core/ports/feed.ts';
import { createQueue } from '../core/queue.ts';
import { defineScript, plainly } from './script.ts';

interface FeedOptions {
  readonly client: Redis;
  readonly subscriber: Redis;
  readonly prefix: string;
}

/** Entries are counted, so that whoever listens knows when one was missed. */
const append = defineScript(`
  local feed, channel, event, after, keptForMs = KEYS[1], unpack(ARGV)
  local last = redis.call('XLEN', feed)
  if after ~= '' and tonumber(after) ~= last then return false end
  local nth = last + 1
  redis.call('XADD', feed, nth .. '-0', 'event', event)
  redis.call('PEXPIRE', feed, keptForMs)
  redis.call('PUBLISH', channel, nth .. ' ' .. event)
  return nth
`);

/** A connection may be dead for long before anybody notices: so often it is looked whether something was missed. */
const lookEveryMs = 15_000;

/** How long to wait when the store fails. */
const pauseMs = 500;

/** A stream for each feed, and a channel on which its entries are told as they come. */
export function createFeed({ client, subscriber, prefix }: FeedOptions): ReplyFeed {
  const keyOf = (name: string) => `${prefix}:feed:${name}`;
  // Redis does not keep the channels of its databases apart.
  const channelOf = (name: string) => `${prefix}:feed:${client.options.db ?? 0}:${name}`;
  const { listen, leave } = createListening(subscriber);

  async function readAfter(name: string, nth: number): Promise<Entry[]> {
    const found = await plainly(client.xrange(keyOf(name), `(${nth}-0`, '+'));
    return found.map(([id, [, event = '']]) => toEntry(`${id.split('-')[0]} ${event}`));
  }

  async function* follow(name: string, signal: AbortSignal): AsyncGenerator<FeedEntry> {
    const queue = createQueue<Entry | 'missed'>(signal);
    const channel = channelOf(name);
    const listener: Listener = { tell: queue.put, miss: () => queue.put('missed') };
    let last = 0;
    let looking: NodeJS.Timeout | undefined;
    try {
      await listen(channel, listener);
      queue.put('missed');
      looking = setInterval(listener.miss, lookEveryMs);
      for await (const news of queue) {
        const isNext = news !== 'missed' && news.nth <= last + 1;
        const entries = isNext ? [news] : await insist(() => readAfter(name, last), signal);
        for (const { nth, event } of entries) {
          if (nth <= last) continue;
          last = nth;
          yield { id: String(nth), event };
          if (event.type === 'end') return;
        }
      }
    } finally {
      clearInterval(looking);
      leave(channel, listener);
    }
  }

  /** The store is away, and says so itself. */
  async function insist(read: () => Promise<Entry[]>, signal: AbortSignal): Promise<Entry[]> {
    while (!signal.aborted) {
      try {
        return await read();
      } catch {
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
    return [];
  }

  return {
    async append(name, event, after = '') {
      const keptForMs = event.type === 'end' ? feedKeptForMs : knownForMs;
      const nth = await append(
        client,
        [keyOf(name)],
        [channelOf(name), JSON.stringify(event), after, keptForMs],
      );
      return nth === null ? undefined : String(nth);
    },
    async first(name) {
      const [entry] = await plainly(client.xrange(keyOf(name), '-', '+', 'COUNT', 1));
      return entry && (JSON.parse(entry[1][1] ?? '') as FeedEvent);
    },
    follow,
  };
}

/** Who listens to which channel. */
function createListening(subscriber: Redis) {
  const listeners = new Map<string, Set<Listener>>();

  subscriber.on('message', (channel: string, text: string) => {
    const those = listeners.get(channel);
    if (!those) return;
    const entry = toEntry(text);
    for (const { tell } of those) tell(entry);
  });
  subscriber.on('ready', () => {
    for (const channel of listeners.keys()) void recover(channel);
  });

  /** After a lost connection: what was told meanwhile was told to nobody, until we listen again. */
  async function recover(channel: string): Promise<void> {
    await subscriber.subscribe(channel).catch(() => undefined);
    for (const { miss } of listeners.get(channel) ?? []) miss();
  }

  return {
    async listen(channel: string, listener: Listener): Promise<void> {
      const those = listeners.get(channel) ?? new Set();
      listeners.set(channel, those.add(listener));
      // Should it fail, `recover` does it.
      await subscriber.subscribe(channel).catch(() => undefined);
    },
    leave(channel: string, listener: Listener): void {
      const those = listeners.get(channel);
      those?.delete(listener);
      if (!those || those.size > 0) return;
      listeners.delete(channel);
      subscriber.unsubscribe(channel).catch(() => undefined);
    },
  };
}

interface Entry {
  readonly nth: number;
  readonly event: FeedEvent;
}

interface Listener {
  readonly tell: (entry: Entry) => void;
  /** There may be entries that it was not told of. */
  readonly miss: () => void;
}

function toEntry(text: string): Entry {
  const space = text.indexOf(' ');
  return { nth: Number(text.slice(0, space)), event: JSON.parse(text.slice(space + 1)) as FeedEvent };
}

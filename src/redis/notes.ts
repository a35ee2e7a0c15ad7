import type { Redis } from 'ioredis';
import type { Notes } from '../core/ports/store.ts';
import { defineScript, plainly } from './script.ts';

/** Each value lies behind the time of its note and a space. */
const list = defineScript(`
  local book, since = KEYS[1], tonumber(ARGV[1])
  local entries, kept = redis.call('HGETALL', book), {}
  for index = 1, #entries, 2 do
    local at, value = entries[index + 1]:match('^([%d.]+) (.*)$')
    if tonumber(at) < since then
      redis.call('HDEL', book, entries[index])
    else
      table.insert(kept, entries[index])
      table.insert(kept, value)
    end
  end
  return kept
`);

export function createNotes(redis: Redis, prefix: string, now: () => number): Notes {
  const nameOf = (book: string) => `${prefix}:notes:${book}`;
  return {
    async keep(book, name, value) {
      await plainly(redis.hset(nameOf(book), name, `${now()} ${value}`));
    },
    async find(book, name) {
      const entry = await plainly(redis.hget(nameOf(book), name));
      return entry?.slice(entry.indexOf(' ') + 1);
    },
    async list(book, since) {
      const flat = (await list(redis, [nameOf(book)], [since])) as string[];
      return Array.from({ length: flat.length / 2 }, (_, index) => ({
        name: flat[2 * index] ?? '',
        value: flat[2 * index + 1] ?? '',
      }));
    },
  };
}

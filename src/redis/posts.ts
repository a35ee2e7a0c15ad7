import type { Redis } from 'ioredis';
import type { Channel, Posts } from '../core/ports/store.ts';
import { postsKnownForMs } from '../core/retry.ts';
import { defineScript, plainly } from './script.ts';

const keep = defineScript(`
  local ofId, ofName, newest = KEYS[1], KEYS[2], KEYS[3]
  local id, name, knownForMs = unpack(ARGV)
  redis.call('SET', ofId, name, 'PX', knownForMs)
  redis.call('SET', ofName, id, 'PX', knownForMs)
  if (tonumber(redis.call('GET', newest)) or 0) < tonumber(id) then redis.call('SET', newest, id, 'PX', knownForMs) end
`);

const claim = defineScript(`
  local claimed, name, knownForMs = KEYS[1], ARGV[1], ARGV[2]
  redis.call('SET', claimed, name, 'NX', 'PX', knownForMs)
  return redis.call('GET', claimed) == name and 1 or 0
`);

/** Keys that end by themselves: for each post one by its id and one by its name, and one for the newest of a counter. */
export function createPosts(redis: Redis, prefix: string): Posts {
  const nameOf = (kind: string, { platform, bot, channel }: Channel, what: string) =>
    `${prefix}:post-${kind}:${JSON.stringify([platform, bot, channel, what])}`;
  return {
    async keep(counter, name, id) {
      const keys = [nameOf('id', counter, id), nameOf('name', counter, name), nameOf('newest', counter, '')];
      await keep(redis, keys, [id, name, postsKnownForMs]);
    },
    idOf: async (counter, name) => (await plainly(redis.get(nameOf('name', counter, name)))) ?? undefined,
    newest: async (counter) => (await plainly(redis.get(nameOf('newest', counter, '')))) ?? undefined,
    async known(counter, ids) {
      if (ids.length === 0) return new Set();
      const names = await plainly(redis.mget(ids.map((id) => nameOf('id', counter, id))));
      return new Set(ids.filter((_, index) => names[index] !== null));
    },
    claim: async (channel, name, id) =>
      (await claim(redis, [nameOf('claim', channel, id)], [name, postsKnownForMs])) === 1,
  };
}

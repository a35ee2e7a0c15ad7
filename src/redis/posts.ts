import type { Redis } from 'ioredis';
import type { Channel, Posts } from '../core/ports/store.ts';
import { claimedForMs, postsKnownForMs } from '../core/retry.ts';
import { defineScript, plainly } from './script.ts';

const keep = defineScript(`
  local ofId, ofName, newest, claimed = unpack(KEYS)
  local id, name, knownForMs = unpack(ARGV)
  if (redis.call('GET', claimed) or name) ~= name then return 0 end
  redis.call('SET', ofId, name, 'PX', knownForMs)
  redis.call('SET', ofName, id, 'PX', knownForMs)
  if (tonumber(redis.call('GET', newest)) or 0) < tonumber(id) then redis.call('SET', newest, id, 'PX', knownForMs) end
  redis.call('SET', claimed, name, 'PX', ARGV[4])
  return 1
`);

const release = defineScript(`
  if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`);

const claim = defineScript(`
  local claimed, name, claimedForMs = KEYS[1], ARGV[1], ARGV[2]
  redis.call('SET', claimed, name, 'NX', 'PX', claimedForMs)
  return redis.call('GET', claimed) == name and 1 or 0
`);

/** Keys that end by themselves: for each post one by its id and one by its name, and one for the newest of a counter. */
export function createPosts(redis: Redis, prefix: string): Posts {
  const nameOf = (kind: string, { platform, bot, channel }: Channel, what: string) =>
    `${prefix}:post-${kind}:${JSON.stringify([platform, bot, channel, what])}`;
  return {
    async keep(counter, channel, name, id) {
      const ofCounter = (kind: string, what: string) => nameOf(kind, counter, what);
      const keys = [ofCounter('id', id), ofCounter('name', name), ofCounter('newest', '')];
      const asked = [id, name, postsKnownForMs, claimedForMs];
      return (await keep(redis, [...keys, nameOf('claim', channel, id)], asked)) === 1;
    },
    idOf: async (counter, name) => (await plainly(redis.get(nameOf('name', counter, name)))) ?? undefined,
    newest: async (counter) => (await plainly(redis.get(nameOf('newest', counter, '')))) ?? undefined,
    async known(counter, ids) {
      if (ids.length === 0) return new Set();
      const names = await plainly(redis.mget(ids.map((id) => nameOf('id', counter, id))));
      return new Set(ids.filter((_, index) => names[index] !== null));
    },
    claim: async (channel, name, id) =>
      (await claim(redis, [nameOf('claim', channel, id)], [name, claimedForMs])) === 1,
    async release(channel, name, id) {
      await release(redis, [nameOf('claim', channel, id)], [name]);
    },
  };
}

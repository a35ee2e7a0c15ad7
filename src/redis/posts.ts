import type { Redis } from 'ioredis';
import { claimedForMs, postsKnownForMs } from '../core/lifetimes.ts';
import type { Channel, Posts, Where } from '../core/ports/posts.ts';
import { defineScript, plainly } from './script.ts';

/** So many ids are known in one counter: more than half an hour has where a bot may make 30 calls a second. */
const mostIds = 100_000;

const know = `
  local function know(ids, id, channel)
    redis.call('ZADD', ids, id, id .. ' ' .. channel)
    redis.call('ZREMRANGEBYRANK', ids, 0, -${mostIds} - 1)
    redis.call('PEXPIRE', ids, ${postsKnownForMs})
  end
`;

const keep = defineScript(`
  ${know}
  local ids, ofName, claimed = unpack(KEYS)
  local id, channel, name = unpack(ARGV)
  if (redis.call('GET', claimed) or name) ~= name then return 0 end
  know(ids, id, channel)
  redis.call('SET', ofName, id, 'PX', ${postsKnownForMs})
  redis.call('SET', claimed, name, 'PX', ${claimedForMs})
  return 1
`);

const hear = defineScript(`
  ${know}
  know(KEYS[1], ARGV[1], ARGV[2])
`);

/** Arguments: the channel, the ids. Of each: 1 if it is known in this channel, 2 if only in others, 0 if nowhere. */
const find = defineScript(`
  local found = {}
  for index = 2, #ARGV do
    local id = ARGV[index]
    local isHere = redis.call('ZSCORE', KEYS[1], id .. ' ' .. ARGV[1])
    found[#found + 1] = isHere and 1 or redis.call('ZCOUNT', KEYS[1], id, id) > 0 and 2 or 0
  end
  return found
`);

const release = defineScript(`
  if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`);

const claim = defineScript(`
  local claimed, name = KEYS[1], ARGV[1]
  redis.call('SET', claimed, name, 'NX', 'PX', ${claimedForMs})
  return redis.call('GET', claimed) == name and 1 or 0
`);

/** As `find` has it. */
const wheres: readonly (Where | undefined)[] = [undefined, 'here', 'elsewhere'];

/** For each counter a sorted set of ids, each with its channel; for each post its id by its name, and who claims it. */
export function createPosts(redis: Redis, prefix: string): Posts {
  const nameOf = (kind: string, { platform, bot, channel }: Channel, what = '') =>
    `${prefix}:post-${kind}:${JSON.stringify([platform, bot, channel, what])}`;
  return {
    async keep(counter, channel, name, id) {
      const keys = [nameOf('ids', counter), nameOf('name', counter, name), nameOf('claim', channel, id)];
      return (await keep(redis, keys, [id, channel.channel, name])) === 1;
    },
    async heard(counter, { channel }, id) {
      await hear(redis, [nameOf('ids', counter)], [id, channel]);
    },
    idOf: async (counter, name) => (await plainly(redis.get(nameOf('name', counter, name)))) ?? undefined,
    async newest(counter) {
      const [newest] = await plainly(redis.zrange(nameOf('ids', counter), -1, -1));
      return newest?.split(' ')[0];
    },
    async known(counter, { channel }, ids) {
      if (ids.length === 0) return new Map();
      const found = (await find(redis, [nameOf('ids', counter)], [channel, ...ids])) as readonly number[];
      return new Map(
        ids.flatMap((id, index) => {
          const where = wheres[found[index] ?? 0];
          return where ? [[id, where] as const] : [];
        }),
      );
    },
    claim: async (channel, name, id) => (await claim(redis, [nameOf('claim', channel, id)], [name])) === 1,
    async release(channel, name, id) {
      await release(redis, [nameOf('claim', channel, id)], [name]);
    },
  };
}

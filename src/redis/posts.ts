import type { Redis } from 'ioredis';
import type { Channel, Posts } from '../core/ports/store.ts';
import { postsKnownForMs } from '../core/retry.ts';
import { defineScript, plainly } from './script.ts';

/** A sorted set for each channel: what was posted, by its time. */
const keep = defineScript(`
  local posts = KEYS[1]
  local post, now, knownForMs = unpack(ARGV)
  redis.call('ZREMRANGEBYSCORE', posts, '-inf', '(' .. (now - knownForMs))
  redis.call('ZADD', posts, now, post)
  redis.call('PEXPIRE', posts, knownForMs)
`);

export function createPosts(redis: Redis, prefix: string, now: () => number): Posts {
  const nameOf = ({ platform, bot, channel }: Channel) =>
    `${prefix}:posts:${JSON.stringify([platform, bot, channel])}`;
  return {
    async keep(channel, name, id) {
      await keep(redis, [nameOf(channel)], [JSON.stringify([id, name]), now(), postsKnownForMs]);
    },
    async find(channel) {
      const posts = await plainly(redis.zrangebyscore(nameOf(channel), now() - postsKnownForMs, '+inf'));
      return new Map(posts.map((post) => JSON.parse(post) as [string, string]));
    },
  };
}

import type { Redis } from 'ioredis';
import { sessionKeptForMs } from '../core/lifetimes.ts';
import type { Session, Sessions } from '../core/ports/sessions.ts';
import { defineScript, plainly } from './script.ts';

const ask = defineScript(`
  local session, owner, user, at = KEYS[1], unpack(ARGV)
  local before = redis.call('HGET', session, 'owner')
  if before and before ~= owner then return 0 end
  redis.call('HSET', session, 'owner', owner, 'user', user, 'at', at)
  redis.call('PEXPIRE', session, ${sessionKeptForMs})
  return redis.call('HINCRBY', session, 'messages', 1)
`);

/** A hash for each session. */
export function createSessions(redis: Redis, prefix: string, now: () => number): Sessions {
  const keyOf = (id: string) => `${prefix}:session:${id}`;
  return {
    async ask({ id, owner, user }) {
      const at = now();
      const messages = Number(await ask(redis, [keyOf(id)], [owner, user, at]));
      return messages === 0 ? undefined : { id, owner, user, messages, at };
    },
    async find(id): Promise<Session | undefined> {
      const { owner, user, messages, at } = await plainly(redis.hgetall(keyOf(id)));
      if (owner === undefined || user === undefined) return undefined;
      return { id, owner, user, messages: Number(messages), at: Number(at) };
    },
  };
}

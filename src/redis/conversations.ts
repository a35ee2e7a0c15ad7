import type { Redis } from 'ioredis';
import { knownForMs } from '../core/lifetimes.ts';
import type { Conversation, ConversationStore } from '../core/ports/store.ts';
import { defineScript, plainly } from './script.ts';

const resetKnownForSeconds = knownForMs / 1_000;

/** For good, or as long as the conversation of the key. */
const luaHold = `
  local function hold(holder, conversation, key)
    if redis.call('SETNX', holder, key) == 0 then return end
    local keptForMs = redis.call('HGET', conversation, 'keptForMs')
    if keptForMs then redis.call('PEXPIRE', holder, keptForMs) end
  end
`;

const save = defineScript(`
  ${luaHold}
  local conversation, holder = KEYS[1], KEYS[2]
  local key, generation, id, replaced = unpack(ARGV)
  if (redis.call('HGET', conversation, 'generation') or '0') ~= generation then return 0 end
  if (redis.call('HGET', conversation, 'conversationId') or replaced) ~= replaced then return 0 end
  redis.call('HSET', conversation, 'conversationId', id)
  hold(holder, conversation, key)
  return 1
`);

/** What a key has claimed and not kept yet goes at its own time. */
const keepFor = defineScript(`
  local conversation, holders, key, ms = KEYS[1], unpack(ARGV)
  redis.call('HSET', conversation, 'keptForMs', ms)
  redis.call('PEXPIRE', conversation, ms)
  for _, id in ipairs(redis.call('HMGET', conversation, 'conversationId', 'discarded')) do
    -- Another session of the same owner may hold it, for as long as that one is kept.
    local isOurs = id and redis.call('SETNX', holders .. id, key) == 1
    if id and (isOurs or redis.call('PTTL', holders .. id) >= 0) then redis.call('PEXPIRE', holders .. id, ms) end
  end
`);

const claim = defineScript(`
  ${luaHold}
  local holder, conversation, key = KEYS[1], KEYS[2], ARGV[1]
  hold(holder, conversation, key)
  return redis.call('GET', holder)
`);

const reset = defineScript(`
  local conversation, done, knownForSeconds = KEYS[1], KEYS[2], ARGV[1]
  if redis.call('SET', done, '', 'NX', 'EX', knownForSeconds) then
    redis.call('HINCRBY', conversation, 'generation', 1)
    local id = redis.call('HGET', conversation, 'conversationId')
    if id then
      redis.call('HSET', conversation, 'discarded', id)
      redis.call('HDEL', conversation, 'conversationId')
    end
  end
  return redis.call('HMGET', conversation, 'generation', 'conversationId', 'discarded')
`);

const forgetDiscarded = defineScript(`
  local conversation, holder = KEYS[1], KEYS[2]
  local key, id = unpack(ARGV)
  if redis.call('HGET', conversation, 'discarded') ~= id then return end
  redis.call('HDEL', conversation, 'discarded')
  -- What ends by itself may be in use by another session of the same owner.
  if redis.call('HEXISTS', conversation, 'keptForMs') == 1 then return end
  if redis.call('GET', holder) == key then redis.call('DEL', holder) end
`);

export function createConversationStore(redis: Redis, prefix: string): ConversationStore {
  const nameOf = (key: string) => `${prefix}:conversation:${key}`;
  const holderOf = (id: string) => `${prefix}:holder:${id}`;
  return {
    async find(key) {
      return toConversation(
        await plainly(redis.hmget(nameOf(key), 'generation', 'conversationId', 'discarded')),
      );
    },
    async save(key, generation, conversationId, replaces = '') {
      return (
        (await save(
          redis,
          [nameOf(key), holderOf(conversationId)],
          [key, generation, conversationId, replaces],
        )) === 1
      );
    },
    async reset(key, resetId) {
      const keys = [nameOf(key), `${prefix}:reset:${JSON.stringify([key, resetId])}`];
      return toConversation((await reset(redis, keys, [resetKnownForSeconds])) as (string | null)[]);
    },
    async keepFor(key, ms) {
      await keepFor(redis, [nameOf(key)], [holderOf(''), key, ms]);
    },
    claim: async (conversationId, key) =>
      String(await claim(redis, [holderOf(conversationId), nameOf(key)], [key])),
    async forgetDiscarded(key, conversationId) {
      await forgetDiscarded(redis, [nameOf(key), holderOf(conversationId)], [key, conversationId]);
    },
  };
}

function toConversation([generation, conversationId, discarded]: (string | null)[]): Conversation {
  return {
    generation: Number(generation ?? 0),
    ...(conversationId ? { conversationId } : {}),
    ...(discarded ? { discarded } : {}),
  };
}

import type { Redis } from 'ioredis';
import { knownForMs } from '../core/lifetimes.ts';
import type { Conversation, ConversationStore } from '../core/ports/store.ts';
import { defineScript, plainly } from './script.ts';

const resetKnownForSeconds = knownForMs / 1_000;

const save = defineScript(`
  local conversation, holder = KEYS[1], KEYS[2]
  local key, generation, id, replaced = unpack(ARGV)
  if (redis.call('HGET', conversation, 'generation') or '0') ~= generation then return 0 end
  if (redis.call('HGET', conversation, 'conversationId') or replaced) ~= replaced then return 0 end
  redis.call('HSET', conversation, 'conversationId', id)
  redis.call('SETNX', holder, key)
  return 1
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
    holder: async (conversationId) => (await plainly(redis.get(holderOf(conversationId)))) ?? undefined,
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

import type { Redis } from 'ioredis';
import type { InboundMessage } from '../core/message.ts';
import type { DeadLetter, TurnRecord } from '../core/ports/store.ts';
import { knownForMs } from '../core/retry.ts';
import { defineScript, plainly } from './script.ts';

const seenForSeconds = knownForMs / 1_000;

/** What a worker holds while it answers one message: no second take has the same. */
export interface Take {
  readonly key: string;
  readonly owner: string;
}

export interface TakenMessage {
  readonly message: InboundMessage;
  /** Which attempt this is: this take is counted. */
  readonly attempt: number;
  readonly record: TurnRecord | undefined;
}

/** Whether this key has more mail. */
export type Left = 'left' | 'empty';

/** The lock of the doorbell job that allows a take: key and value. */
export interface Lock {
  readonly name: string;
  readonly token: string;
}

/**
 * The mail of all keys. In Redis, per key: `mail`, the messages in order; `turn`, what is known of the first one:
 * its owner, its attempts, its record, whether its answer is still wanted. Whoever takes a message becomes its owner; a former owner changes nothing.
 */
export interface Mail {
  push(key: string, message: InboundMessage): Promise<'stored' | 'seen'>;
  /** `lost`: the doorbell job is somebody else's by now. */
  take(take: Take, lock: Lock): Promise<TakenMessage | 'empty' | 'lost'>;
  note(take: Take, record: TurnRecord): Promise<'noted' | 'lost'>;
  first(key: string): Promise<InboundMessage | undefined>;
  /** False: this message is not the first one. */
  stop(key: string, messageId: string): Promise<boolean>;
  isStopped(key: string): Promise<boolean>;
  /** Says what is left for this key. */
  remove(take: Take): Promise<Left | 'lost'>;
  /** Takes this attempt back. */
  uncount(take: Take): Promise<void>;
  /** Moves the message to the dead letters; says what is left for this key. */
  bury(take: Take, letter: DeadLetter): Promise<Left | 'lost'>;
  keysWithMail(): Promise<string[]>;
  deadLetters(): Promise<DeadLetter[]>;
}

const push = defineScript(`
  local seen, mail, waiting = KEYS[1], KEYS[2], KEYS[3]
  local key, message, seenForSeconds = ARGV[1], ARGV[2], ARGV[3]
  if not redis.call('SET', seen, '', 'NX', 'EX', seenForSeconds) then return 'seen' end
  redis.call('RPUSH', mail, message)
  redis.call('SADD', waiting, key)
  return 'stored'
`);

// The lock is looked at too: a worker that slept since it got the job must not take the message from its successor.
const take = defineScript(`
  local mail, turn, lock = KEYS[1], KEYS[2], KEYS[3]
  local owner, token = ARGV[1], ARGV[2]
  if redis.call('GET', lock) ~= token then return 'lost' end
  local message = redis.call('LINDEX', mail, 0)
  if not message then return 'empty' end
  if redis.call('HGET', turn, 'owner') ~= owner then
    redis.call('HSET', turn, 'owner', owner)
    redis.call('HINCRBY', turn, 'attempts', 1)
  end
  local known = redis.call('HMGET', turn, 'attempts', 'record')
  return { message, known[1], known[2] }
`);

const note = defineScript(`
  local turn, owner, record = KEYS[1], ARGV[1], ARGV[2]
  if redis.call('HGET', turn, 'owner') ~= owner then return 'lost' end
  redis.call('HSET', turn, 'record', record)
  return 'noted'
`);

const stop = defineScript(`
  local mail, turn, id = KEYS[1], KEYS[2], ARGV[1]
  local message = redis.call('LINDEX', mail, 0)
  if not message or cjson.decode(message).id ~= id then return 0 end
  redis.call('HSET', turn, 'stopped', 1)
  return 1
`);

// Without any owner the removal has been done before.
const remove = defineScript(`
  local mail, turn, waiting = KEYS[1], KEYS[2], KEYS[3]
  local key, owner = ARGV[1], ARGV[2]
  local current = redis.call('HGET', turn, 'owner')
  if current and current ~= owner then return 'lost' end
  if current then
    redis.call('LPOP', mail)
    redis.call('DEL', turn)
  end
  if redis.call('EXISTS', mail) == 1 then return 'left' end
  redis.call('SREM', waiting, key)
  return 'empty'
`);

const uncount = defineScript(`
  local turn, owner = KEYS[1], ARGV[1]
  if redis.call('HGET', turn, 'owner') ~= owner then return end
  redis.call('HDEL', turn, 'owner')
  redis.call('HINCRBY', turn, 'attempts', -1)
`);

const bury = defineScript(`
  local mail, turn, waiting, dead = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
  local key, owner, letter = ARGV[1], ARGV[2], ARGV[3]
  if redis.call('HGET', turn, 'owner') ~= owner then return 'lost' end
  redis.call('RPUSH', dead, letter)
  redis.call('LPOP', mail)
  redis.call('DEL', turn)
  if redis.call('EXISTS', mail) == 1 then return 'left' end
  redis.call('SREM', waiting, key)
  return 'empty'
`);

export function createMail(redis: Redis, prefix: string): Mail {
  const mailOf = (key: string) => `${prefix}:mail:${key}`;
  const turnOf = (key: string) => `${prefix}:turn:${key}`;
  const seen = (id: string) => `${prefix}:seen:${id}`;
  const waiting = `${prefix}:waiting`;
  const dead = `${prefix}:dead-letters`;
  return {
    async push(key, message) {
      const keys = [seen(message.id), mailOf(key), waiting];
      return (await push(redis, keys, [key, JSON.stringify(message), seenForSeconds])) as 'stored' | 'seen';
    },
    async take({ key, owner }, { name, token }) {
      const taken = await take(redis, [mailOf(key), turnOf(key), name], [owner, token]);
      if (taken === 'empty' || taken === 'lost') return taken;
      const [message, attempt, record] = taken as [string, string, string | null];
      return {
        message: JSON.parse(message) as InboundMessage,
        attempt: Number(attempt),
        record: record === null ? undefined : (JSON.parse(record) as TurnRecord),
      };
    },
    async note({ key, owner }, record) {
      return (await note(redis, [turnOf(key)], [owner, JSON.stringify(record)])) as 'noted' | 'lost';
    },
    async first(key) {
      const message = await plainly(redis.lindex(mailOf(key), 0));
      return message === null ? undefined : (JSON.parse(message) as InboundMessage);
    },
    stop: async (key, messageId) => (await stop(redis, [mailOf(key), turnOf(key)], [messageId])) === 1,
    isStopped: async (key) => (await plainly(redis.hexists(turnOf(key), 'stopped'))) === 1,
    async remove({ key, owner }) {
      const keys = [mailOf(key), turnOf(key), waiting];
      return (await remove(redis, keys, [key, owner])) as Left | 'lost';
    },
    async uncount({ key, owner }) {
      await uncount(redis, [turnOf(key)], [owner]);
    },
    async bury({ key, owner }, letter) {
      const keys = [mailOf(key), turnOf(key), waiting, dead];
      return (await bury(redis, keys, [key, owner, JSON.stringify(letter)])) as Left | 'lost';
    },
    keysWithMail: () => plainly(redis.smembers(waiting)),
    async deadLetters() {
      const letters = await plainly(redis.lrange(dead, 0, -1));
      return letters.map((letter) => JSON.parse(letter) as DeadLetter);
    },
  };
}

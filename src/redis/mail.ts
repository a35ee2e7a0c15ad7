import type { Redis } from 'ioredis';
import { isControlKey } from '../core/addressing.ts';
import { answeredForMs } from '../core/lifetimes.ts';
import type { InboundMessage } from '../core/message.ts';
import type { Answered, DeadLetter, TurnRecord } from '../core/ports/store.ts';
import { type MailNames, messageIn } from './mail-names.ts';
import { defineScript, plainly } from './script.ts';

/** What a worker holds while it answers one message: no second take has the same. */
export interface Take {
  readonly key: string;
  readonly owner: string;
}

export interface TakenMessage {
  readonly message: InboundMessage;
  /** Which attempt this is: this take is counted. */
  readonly attempt: number;
  /** How many of those before it have failed. */
  readonly failures: number;
  readonly record: TurnRecord | undefined;
}

/** Its rest is waited for: nothing was taken. The next take gets it, unless it has grown by then. */
interface OpenMessage {
  readonly open: InboundMessage;
}

/** Whether this key has more mail. */
export type Left = 'left' | 'empty';

/** The lock of the doorbell job that allows a take: key and value. */
export interface Lock {
  readonly name: string;
  readonly token: string;
}

/**
 * The first message of each line: in hand, or to be taken. Whoever takes a message becomes its owner; a former owner
 * changes nothing.
 */
export interface Mail {
  /** `lost`: the doorbell job is somebody else's by now. */
  take(take: Take, lock: Lock): Promise<TakenMessage | OpenMessage | 'empty' | 'lost'>;
  /** With `isProgress` the attempts are counted anew: this one is the first. */
  note(take: Take, record: TurnRecord, isProgress: boolean): Promise<'noted' | 'lost'>;
  /** False: this message is not the first one. */
  stop(key: string, messageId: string): Promise<boolean>;
  isStopped(key: string): Promise<boolean>;
  /** Its answer has landed. Says what is left for this key. */
  remove(take: Take): Promise<Left | 'lost'>;
  answered(key: string): Promise<Answered | undefined>;
  /** Takes this attempt back. */
  uncount(take: Take): Promise<void>;
  /** It came to an end, though not to a good one. */
  fail(take: Take): Promise<void>;
  /** Moves the message and its record to the dead letters; says what is left for this key. */
  bury(take: Take, letter: Omit<DeadLetter, 'id' | 'record'>): Promise<Left | 'lost'>;
}

// The lock is looked at too: a worker that slept since it got the job must not take the message from its successor.
// An open message is put off once for each `openUntil`: hosts may not agree on the time.
const take = defineScript(`
  local line, turn, lock = KEYS[1], KEYS[2], KEYS[3]
  local owner, token, now = unpack(ARGV)
  if redis.call('GET', lock) ~= token then return 'lost' end
  local entry = redis.call('LINDEX', line, 0)
  if not entry then return 'empty' end
  if redis.call('HGET', turn, 'owner') ~= owner then
    local openUntil = entry:match('"openUntil":([%d.]+)')
    if openUntil and tonumber(openUntil) > tonumber(now) and redis.call('HGET', turn, 'awaited') ~= openUntil then
      redis.call('HSET', turn, 'awaited', openUntil)
      return { entry }
    end
    redis.call('HSET', turn, 'owner', owner)
    redis.call('HINCRBY', turn, 'attempts', 1)
  end
  local breakAt = entry:find('\\n', 1, true)
  if breakAt then
    redis.call('HSETNX', turn, 'record', entry:sub(breakAt + 1))
    entry = entry:sub(1, breakAt - 1)
    redis.call('LSET', line, 0, entry)
  end
  local known = redis.call('HMGET', turn, 'attempts', 'record', 'failures')
  return { entry, known[1], known[2], known[3] }
`);

const note = defineScript(`
  local turn = KEYS[1]
  local owner, record, isProgress = unpack(ARGV)
  if redis.call('HGET', turn, 'owner') ~= owner then return 'lost' end
  redis.call('HSET', turn, 'record', record)
  if isProgress == '1' then redis.call('HSET', turn, 'attempts', 1, 'failures', 0) end
  return 'noted'
`);

const stop = defineScript(`
  local line, turn, looked = KEYS[1], KEYS[2], ARGV[1]
  if redis.call('LINDEX', line, 0) ~= looked then return 0 end
  redis.call('HSET', turn, 'stopped', 1)
  return 1
`);

// Without any owner the removal has been done before.
const remove = defineScript(`
  local line, turn, waiting, answered = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
  local key, owner, keepForMs = unpack(ARGV)
  local current, record = unpack(redis.call('HMGET', turn, 'owner', 'record'))
  if current and current ~= owner then return 'lost' end
  if current then
    local message = redis.call('LPOP', line)
    redis.call('DEL', turn)
    -- An edit that noted nothing has changed nothing.
    if keepForMs ~= '0' and (record or not message:find('"edits":', 1, true)) then
      redis.call('DEL', answered)
      redis.call('HSET', answered, 'message', message)
      if record then redis.call('HSET', answered, 'record', record) end
      redis.call('PEXPIRE', answered, keepForMs)
    end
  end
  if redis.call('EXISTS', line) == 1 then return 'left' end
  redis.call('SREM', waiting, key)
  return 'empty'
`);

const uncount = defineScript(`
  local turn, owner = KEYS[1], ARGV[1]
  if redis.call('HGET', turn, 'owner') ~= owner then return end
  redis.call('HDEL', turn, 'owner')
  redis.call('HINCRBY', turn, 'attempts', -1)
`);

const fail = defineScript(`
  local turn, owner = KEYS[1], ARGV[1]
  if redis.call('HGET', turn, 'owner') ~= owner then return end
  redis.call('HDEL', turn, 'owner')
  redis.call('HINCRBY', turn, 'failures', 1)
`);

const bury = defineScript(`
  local line, turn, waiting, answered, dead, count = unpack(KEYS)
  local key, owner, letter = unpack(ARGV)
  local current, record = unpack(redis.call('HMGET', turn, 'owner', 'record'))
  if current ~= owner then return 'lost' end
  local head = '{"id":"' .. redis.call('INCR', count) .. '",'
  if record then head = head .. '"record":' .. record .. ',' end
  redis.call('RPUSH', dead, head .. letter:sub(2))
  redis.call('LPOP', line)
  redis.call('DEL', turn, answered)
  if redis.call('EXISTS', line) == 1 then return 'left' end
  redis.call('SREM', waiting, key)
  return 'empty'
`);

export function createMail(redis: Redis, names: MailNames, now: () => number): Mail {
  const namesFor = (key: string) => [names.line(key), names.turn(key), names.waiting, names.answered(key)];
  return {
    async take({ key, owner }, { name, token }) {
      const taken = await take(redis, [names.line(key), names.turn(key), name], [owner, token, now()]);
      if (taken === 'empty' || taken === 'lost') return taken;
      const [entry, attempt, record, failures] = taken as [
        string,
        string?,
        (string | null)?,
        (string | null)?,
      ];
      if (attempt === undefined) return { open: messageIn(entry) };
      return {
        message: messageIn(entry),
        attempt: Number(attempt),
        failures: Number(failures ?? 0),
        record: record ? (JSON.parse(record) as TurnRecord) : undefined,
      };
    },
    async note({ key, owner }, record, isProgress) {
      const asked = [owner, JSON.stringify(record), isProgress ? 1 : 0];
      return (await note(redis, [names.turn(key)], asked)) as 'noted' | 'lost';
    },
    async stop(key, messageId) {
      const first = () => plainly(redis.lindex(names.line(key), 0));
      for (let entry = await first(); entry && messageIn(entry).id === messageId; entry = await first()) {
        if ((await stop(redis, [names.line(key), names.turn(key)], [entry])) === 1) return true;
      }
      return false;
    },
    isStopped: async (key) => (await plainly(redis.hexists(names.turn(key), 'stopped'))) === 1,
    async remove({ key, owner }) {
      const keepForMs = isControlKey(key) ? 0 : answeredForMs;
      return (await remove(redis, namesFor(key), [key, owner, keepForMs])) as Left | 'lost';
    },
    async answered(key) {
      const { message, record } = await plainly(redis.hgetall(names.answered(key)));
      if (message === undefined) return undefined;
      return {
        message: messageIn(message),
        record: record ? JSON.parse(record) : { generation: 0, posted: [] },
      };
    },
    async uncount({ key, owner }) {
      await uncount(redis, [names.turn(key)], [owner]);
    },
    async fail({ key, owner }) {
      await fail(redis, [names.turn(key)], [owner]);
    },
    async bury({ key, owner }, letter) {
      const keys = [...namesFor(key), names.deadLetters, names.deadLetterCount];
      return (await bury(redis, keys, [key, owner, JSON.stringify(letter)])) as Left | 'lost';
    },
  };
}

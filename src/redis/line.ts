import type { Redis } from 'ioredis';
import { amended, join } from '../core/joining.ts';
import { knownForMs } from '../core/lifetimes.ts';
import type { InboundMessage } from '../core/message.ts';
import { luaForMail, type MailNames, messageIn, toEntry } from './mail-names.ts';
import { defineScript, plainly } from './script.ts';

const seenForSeconds = knownForMs / 1_000;

/** `due`: joined the first of its line, which has waited for nothing else. */
export type Placed = 'stored' | 'seen' | 'joined' | 'due';

/** How messages get into their line, and what lies there. */
export interface Lines {
  put(key: string, message: InboundMessage): Promise<Placed>;
  /** `apart`: it joins nothing, and nothing was done. */
  join(key: string, message: InboundMessage): Promise<Exclude<Placed, 'stored'> | 'apart'>;
  amend(key: string, edited: InboundMessage): Promise<boolean>;
  withdraw(key: string, messageId: string): Promise<boolean>;
  line(key: string): Promise<InboundMessage[]>;
  count(key: string): Promise<number>;
  knows(messageId: string): Promise<boolean>;
  keys(): Promise<string[]>;
}

// A last message that may still be open is given back first, to be looked at; the answer comes with what was looked at.
const place = defineScript(`${luaForMail}
  local seen, line, turn, waiting = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
  local key, entry, seenForSeconds, mayStore, looked, joined = unpack(ARGV)
  if redis.call('EXISTS', seen) == 1 then return 'seen' end
  local last = redis.call('LINDEX', line, -1)
  if last and isOpen(last) then
    local isFirst = redis.call('LLEN', line) == 1
    if not isFirst or isUntouched(turn) then
      if last ~= looked then return { last } end
      if joined ~= '' then
        redis.call('SET', seen, '', 'EX', seenForSeconds)
        redis.call('LSET', line, -1, joined)
        return isFirst and 'first' or 'joined'
      end
    end
  end
  if mayStore == '0' then return 'apart' end
  redis.call('SET', seen, '', 'EX', seenForSeconds)
  redis.call('RPUSH', line, entry)
  redis.call('SADD', waiting, key)
  return 'stored'
`);

const replace = defineScript(`${luaForMail}
  local seen, line, turn = KEYS[1], KEYS[2], KEYS[3]
  local index, looked, amended, seenForSeconds = unpack(ARGV)
  if redis.call('EXISTS', seen) == 1 then return 'refused' end
  if redis.call('LINDEX', line, index) ~= looked then return 'changed' end
  if index == '0' and not isUntouched(turn) then return 'refused' end
  redis.call('SET', seen, '', 'EX', seenForSeconds)
  redis.call('LSET', line, index, amended)
  return 'amended'
`);

// Whoever was told of it finds nothing, or the next one.
const withdraw = defineScript(`${luaForMail}
  local line, turn, waiting = KEYS[1], KEYS[2], KEYS[3]
  local key, index, looked = unpack(ARGV)
  if redis.call('LINDEX', line, index) ~= looked then return 'changed' end
  if index == '0' then
    if not isUntouched(turn) then return 'refused' end
    redis.call('DEL', turn)
  end
  redis.call('LREM', line, 1, looked)
  if redis.call('EXISTS', line) == 0 then redis.call('SREM', waiting, key) end
  return 'withdrawn'
`);

export function createLines(redis: Redis, names: MailNames, now: () => number): Lines {
  const entriesOf = (key: string) => plainly(redis.lrange(names.line(key), 0, -1));

  async function placeIn(key: string, message: InboundMessage, mayStore: boolean): Promise<Placed | 'apart'> {
    const keys = [names.seen(message.id), names.line(key), names.turn(key), names.waiting];
    const asked = [key, toEntry(message), seenForSeconds, mayStore ? 1 : 0];
    let looked = '';
    let joined: InboundMessage | undefined;
    for (;;) {
      const answer = await place(redis, keys, [...asked, looked, joined ? toEntry(joined) : '']);
      if (answer === 'first') return joined?.openUntil === undefined ? 'due' : 'joined';
      if (!Array.isArray(answer)) return answer as Placed | 'apart';
      looked = answer[0] as string;
      joined = join(messageIn(looked), message, now());
    }
  }

  return {
    put: (key, message) => placeIn(key, message, true) as Promise<Placed>,
    join: (key, message) => placeIn(key, message, false) as ReturnType<Lines['join']>,
    async amend(key, edited) {
      for (;;) {
        const entries = await entriesOf(key);
        const index = entries.findLastIndex((entry) => amended(messageIn(entry), edited));
        const looked = entries[index];
        // What has brought a record along was in hand before.
        if (looked === undefined || looked.includes('\n')) return false;
        const entry = toEntry(amended(messageIn(looked), edited) as InboundMessage);
        const keys = [names.seen(edited.id), names.line(key), names.turn(key)];
        const answer = await replace(redis, keys, [index, looked, entry, seenForSeconds]);
        if (answer !== 'changed') return answer === 'amended';
      }
    },
    async withdraw(key, messageId) {
      for (;;) {
        const entries = await entriesOf(key);
        const index = entries.findIndex((entry) => messageIn(entry).id === messageId);
        const looked = entries[index];
        if (looked === undefined) return false;
        const keys = [names.line(key), names.turn(key), names.waiting];
        const answer = await withdraw(redis, keys, [key, index, looked]);
        if (answer !== 'changed') return answer === 'withdrawn';
      }
    },
    line: async (key) => (await entriesOf(key)).map(messageIn),
    count: (key) => plainly(redis.llen(names.line(key))),
    knows: async (messageId) => (await plainly(redis.exists(names.seen(messageId)))) === 1,
    keys: () => plainly(redis.smembers(names.waiting)),
  };
}

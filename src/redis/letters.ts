import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { revived } from '../core/dead-letters.ts';
import type { DeadLetter } from '../core/ports/store.ts';
import { type MailNames, toEntry } from './mail-names.ts';
import { defineScript, plainly } from './script.ts';

/** The dead letters, a list of JSON. */
export interface Letters {
  all(): Promise<DeadLetter[]>;
  /** The key whose line has it again. */
  replay(id: string): Promise<string | undefined>;
  purge(id?: string): Promise<number>;
}

const replay = defineScript(`
  local dead, line, waiting = KEYS[1], KEYS[2], KEYS[3]
  local letter, entry, key = unpack(ARGV)
  if redis.call('LREM', dead, 1, letter) == 0 then return 0 end
  redis.call('RPUSH', line, entry)
  redis.call('SADD', waiting, key)
  return 1
`);

const purgeAll = defineScript(`
  local count = redis.call('LLEN', KEYS[1])
  redis.call('DEL', KEYS[1])
  return count
`);

export function createLetters(redis: Redis, names: MailNames): Letters {
  const read = async () => {
    const all = await plainly(redis.lrange(names.deadLetters, 0, -1));
    return all.map((json) => ({ json, letter: toLetter(json) }));
  };
  const find = async (id: string) => (await read()).find(({ letter }) => letter.id === id);
  return {
    all: async () => (await read()).map(({ letter }) => letter),
    async replay(id) {
      const found = await find(id);
      if (!found) return undefined;
      const { key } = found.letter;
      const { message, record } = revived(found.letter);
      const keys = [names.deadLetters, names.line(key), names.waiting];
      const done = await replay(redis, keys, [found.json, toEntry(message, record), key]);
      return done === 1 ? key : undefined;
    },
    async purge(id) {
      if (id === undefined) return (await purgeAll(redis, [names.deadLetters])) as number;
      const found = await find(id);
      return found ? plainly(redis.lrem(names.deadLetters, 1, found.json)) : 0;
    },
  };
}

/** Letters of the first versions have no id: their own text makes one. */
function toLetter(json: string): DeadLetter {
  const letter = JSON.parse(json) as Omit<DeadLetter, 'id'>;
  return { id: createHash('sha1').update(json).digest('hex').slice(0, 8), ...letter };
}

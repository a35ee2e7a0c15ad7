import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { defineScript } from './script.ts';

const beatEveryMs = 5_000;
const countsForMs = 15_000;

// By the clock of Redis: those of the processes may differ.
const luaNow = `
  local function now()
    local seconds, microseconds = unpack(redis.call('TIME'))
    return seconds * 1000 + math.floor(microseconds / 1000)
  end
`;

const beat = defineScript(`${luaNow}
  local workers, id, countsForMs = KEYS[1], unpack(ARGV)
  redis.call('ZREMRANGEBYSCORE', workers, '-inf', now())
  redis.call('ZADD', workers, now() + countsForMs, id)
  redis.call('PEXPIRE', workers, countsForMs)
`);

const count = defineScript(`${luaNow}
  return redis.call('ZCOUNT', KEYS[1], '(' .. now(), '+inf')
`);

/** Tells the others every five seconds that this process works; one that was killed is missed after fifteen. */
export function startHeartbeat(client: Redis, key: string): { stop(): Promise<void> } {
  const id = randomUUID();
  // While Redis is away nobody could hear it.
  const tell = () => void beat(client, [key], [id, countsForMs]).catch(() => undefined);
  tell();
  const telling = setInterval(tell, beatEveryMs);
  return {
    async stop() {
      clearInterval(telling);
      await client.zrem(key, id).catch(() => undefined);
    },
  };
}

/** How many processes work at present. */
export const countWorkers = async (client: Redis, key: string): Promise<number> =>
  Number(await count(client, [key], []));

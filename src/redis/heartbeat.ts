import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Log } from '../core/ports/world.ts';
import { defineScript } from './script.ts';
import { logTrouble } from './trouble.ts';

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

interface HeartbeatOptions {
  readonly client: Redis;
  readonly key: string;
  readonly log: Log;
}

/** Tells the others every five seconds that this process works; one that was killed is missed after fifteen. */
export function startHeartbeat({ client, key, log }: HeartbeatOptions): { stop(): Promise<void> } {
  const id = randomUUID();
  let isTold = false;
  const tell = () =>
    void beat(client, [key], [id, countsForMs]).catch((error: unknown) => {
      // While Redis is away nobody could hear it, and it says so itself.
      if (client.status !== 'ready' || isTold) return;
      isTold = true;
      logTrouble(log, 'warn', error, 'nobody can see that this process works');
    });
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

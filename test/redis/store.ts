import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import type { Log } from '../../src/core/ports/world.ts';
import { openRedisDeadLetters } from '../../src/redis/dead-letters.ts';
import { openRedisHome } from '../../src/redis/home.ts';
import { createLines, type Lines } from '../../src/redis/line.ts';
import { mailNames } from '../../src/redis/mail-names.ts';
import type { TestStore } from '../contracts/store.ts';

/** Short, so that no test waits for long, and long enough for a busy machine to renew a lock in time. */
export const testTimes = { lockMs: 1_500, stalledMs: 500 };

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A corner of its own on the server: another prefix. */
export function createRedisStore(url: string): TestStore {
  const prefix = `test-${randomUUID()}`;
  return {
    open: (options) => openRedisHome({ url, prefix, log: silent, ...testTimes, ...options }),
    openDeadLetters: () => openRedisDeadLetters({ url, prefix, log: silent }),
    childArgs: [fileURLToPath(new URL('child.ts', import.meta.url)), url, prefix],
    async putUnheard(key, message) {
      const redis = new Redis(url);
      await linesOf(redis, prefix).put(key, message);
      redis.disconnect();
    },
    loseHold: async () => {}, // The lock runs out by itself.
    remove: async () => {}, // It goes with its server.
  };
}

/** The lines alone: nobody is told of what is put there. */
export const linesOf = (redis: Redis, prefix: string): Lines =>
  createLines(redis, mailNames(prefix), Date.now);

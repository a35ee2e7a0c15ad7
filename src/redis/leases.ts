import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Lease, Leases } from '../core/ports/store.ts';
import { createHold } from './hold.ts';
import { defineScript } from './script.ts';

interface LeasesOptions {
  readonly client: Redis;
  readonly prefix: string;
  /** How long a lease outlives its last renewal. */
  readonly leaseMs: number;
}

/** How often one who waits looks again: so long does nobody hold a lease that was released. */
const lookEveryMs = 200;

/** Takes it, or goes on holding it. */
const claim = defineScript(`
  local holder = redis.call('get', KEYS[1])
  if holder and holder ~= ARGV[1] then return 0 end
  redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1
`);

const release = defineScript(`
  if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end
`);

export function createLeases({ client, prefix, leaseMs }: LeasesOptions): Leases {
  /** False: somebody else has it. */
  const claimFor = async (key: string, owner: string) => (await claim(client, [key], [owner, leaseMs])) === 1;

  function keep(key: string, owner: string): Lease {
    // Redis has counted from an earlier moment than we do.
    const hold = createHold(leaseMs * 0.8, 'lease');
    const renewing = setInterval(() => {
      // While Redis is away, the hold runs out.
      claimFor(key, owner).then(
        (ours) => (ours ? hold.renew() : hold.lose()),
        () => undefined,
      );
    }, leaseMs / 4);
    hold.lost.addEventListener('abort', () => clearInterval(renewing), { once: true });
    return {
      lost: hold.lost,
      async release() {
        clearInterval(renewing);
        hold.end();
        // It runs out by itself too.
        await release(client, [key], [owner]).catch(() => undefined);
      },
    };
  }

  return {
    async take(name, signal, onWait) {
      const key = `${prefix}:lease:${name}`;
      const owner = randomUUID();
      let isTold = false;
      for (;;) {
        signal.throwIfAborted();
        // While Redis is away nobody gets anything; its connection says so.
        const granted = await claimFor(key, owner).catch(() => undefined);
        if (granted) return keep(key, owner);
        if (granted === false && !isTold) onWait();
        isTold ||= granted === false;
        await sleep(lookEveryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    },
  };
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Lease, Leases } from '../core/ports/store.ts';
import type { Log } from '../core/ports/world.ts';
import { defineScript } from './script.ts';
import { isOutage, logTrouble } from './trouble.ts';

interface LeasesOptions {
  readonly client: Redis;
  readonly prefix: string;
  /** How long a lease outlives its last renewal. */
  readonly leaseMs: number;
  readonly log: Log;
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

export function createLeases({ client, prefix, leaseMs, log }: LeasesOptions): Leases {
  /** False: somebody else has it. */
  const claimFor = async (key: string, owner: string) => (await claim(client, [key], [owner, leaseMs])) === 1;

  /** `askedAt`: Redis counts from no earlier moment, and a timer may be late: here a lease ends before it ends there. */
  function keep(key: string, owner: string, askedAt: number): Lease {
    const lost = new AbortController();
    const renewing = setInterval(() => void renew(), leaseMs / 4);
    let expiry = expireAfter(askedAt);
    let isOver = false;

    function expireAfter(claimedAt: number): NodeJS.Timeout {
      return setTimeout(lose, claimedAt + leaseMs * 0.9 - performance.now());
    }

    async function renew(): Promise<void> {
      const claimedAt = performance.now();
      // When Redis cannot be asked, the lease runs out.
      const isOurs = await claimFor(key, owner).catch(() => undefined);
      if (isOver || isOurs === undefined) return;
      if (!isOurs) return lose();
      clearTimeout(expiry);
      expiry = expireAfter(claimedAt);
    }

    function end(): void {
      isOver = true;
      clearInterval(renewing);
      clearTimeout(expiry);
    }

    function lose(): void {
      end();
      lost.abort(new Error('the lease could not be renewed in time'));
    }

    return {
      lost: lost.signal,
      async release() {
        end();
        // It runs out by itself too.
        await release(client, [key], [owner]).catch(() => undefined);
      },
    };
  }

  return {
    async take(name, signal, onWait) {
      const key = `${prefix}:lease:${name}`;
      const owner = randomUUID();
      const told = { waits: false, fails: false };
      for (;;) {
        signal.throwIfAborted();
        const askedAt = performance.now();
        try {
          if (await claimFor(key, owner)) return keep(key, owner, askedAt);
          if (!told.waits) onWait();
          told.waits = true;
        } catch (error) {
          if (!told.fails) logTrouble(log, 'warn', error, 'a lease cannot be had; trying again');
          told.fails = !isOutage(error);
        }
        await sleep(lookEveryMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    },
  };
}

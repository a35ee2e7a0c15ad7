import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openRedisHome } from '../../src/redis/home.ts';
import { createLeases } from '../../src/redis/leases.ts';
import { createLogbook } from '../support/logbook.ts';
import { type RedisServer, redisServer, startRedisServer } from './server.ts';
import { silent } from './store.ts';

/** A holder looks after its lease four times in this time. */
const leaseMs = 1_000;
const forever = new AbortController().signal;

describe.skipIf(!redisServer.available)('leases, in several processes', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
  });
  afterAll(() => server?.remove());

  async function openTwo() {
    const prefix = `test-${randomUUID()}`;
    const open = async () => {
      const home = await openRedisHome({ url: server.url, prefix, log: silent, leaseMs });
      onTestFinished(() => home.close());
      return home;
    };
    const redis = new Redis(server.url);
    onTestFinished(() => redis.disconnect());
    return { one: await open(), other: await open(), redis, prefix, key: `${prefix}:lease:poll` };
  }

  test('it is kept for as long as its holder lives', async () => {
    const { one, other, redis, key } = await openTwo();
    const lease = await one.leases.take('poll', forever, () => {});
    const own = new AbortController();
    const second = other.leases.take('poll', own.signal, () => {});
    second.catch(() => undefined);
    const owner = await redis.get(key);
    let renewals = 0;
    for (let left = leaseMs; renewals < 6; ) {
      const now = await redis.pttl(key);
      if (now > left) renewals += 1;
      left = now;
    }
    expect(await redis.get(key)).toBe(owner);
    expect(lease.lost.aborted).toBe(false);
    own.abort();
  });

  test('who has gone without a word is waited out', async () => {
    const { one, other } = await openTwo();
    await one.leases.take('poll', forever, () => {});
    await one.close();
    await other.leases.take('poll', forever, () => {});
  });

  test('a holder learns that somebody else has it', async () => {
    const { one, redis, key } = await openTwo();
    const lease = await one.leases.take('poll', forever, () => {});
    await redis.set(key, 'another');
    await expect.poll(() => lease.lost.aborted, { timeout: 5_000 }).toBe(true);
    await lease.release();
    expect(await redis.get(key)).toBe('another');
  });

  test('a grant that was long on its way is over all the sooner', async () => {
    const { other, redis, prefix } = await openTwo();
    const late = {
      evalsha: async (...args: Parameters<Redis['evalsha']>) => {
        const reply = await redis.evalsha(...args).catch((error: Error) => error);
        await sleep(leaseMs * 0.8);
        if (reply instanceof Error) throw reply;
        return reply;
      },
      eval: redis.eval.bind(redis),
    };
    const slow = createLeases({ client: late as unknown as Redis, prefix, leaseMs, log: silent });
    const lease = await slow.take('poll', forever, () => {});
    await other.leases.take('poll', forever, () => {});
    expect(lease.lost.aborted).toBe(true);
  });

  test('a Redis that is full says so, once, and grants it when it has room again', async () => {
    const { redis, prefix } = await openTwo();
    const log = createLogbook();
    const leases = createLeases({ client: redis, prefix, leaseMs, log });
    await redis.config('SET', 'maxmemory', '1');
    const taken = leases.take('poll', forever, () => {});
    await expect
      .poll(() => log.events(), { timeout: 5_000 })
      .toEqual(['warn: a lease cannot be had; trying again']);
    expect(log.text()).toContain('OOM');
    await redis.config('SET', 'maxmemory', '0');
    await taken;
    expect(log.events()).toHaveLength(1);
  });

  test('a holder that cannot renew it takes it for lost before anybody else can have it', async () => {
    const { one, redis, key } = await openTwo();
    const lease = await one.leases.take('poll', forever, () => {});
    await one.close();
    await expect.poll(() => lease.lost.aborted, { timeout: 5_000, interval: 5 }).toBe(true);
    expect(await redis.exists(key)).toBe(1);
  });
});

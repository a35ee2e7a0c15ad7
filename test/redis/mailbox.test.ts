import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { DeliveryLost } from '../../src/core/errors.ts';
import { openRedisHome, type RedisHomeOptions } from '../../src/redis/home.ts';
import { openDesk, until } from '../contracts/desk.ts';
import { sampleMessage, sampleRecord } from '../contracts/samples.ts';
import { keepLog } from './log.ts';
import { type RedisServer, redisServer, startRedisServer } from './server.ts';
import { linesOf, silent } from './store.ts';

/** Nothing is found out by the running out of a lock. */
const patient = { lockMs: 60_000, stalledMs: 60_000 };

describe.skipIf(!redisServer.available)('the mailbox on Redis, by itself', () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedisServer();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis?.disconnect();
    await server?.remove();
  });

  /** Opens homes with one prefix of their own; the test's end closes them. */
  function useHomes(prefix = `test-${randomUUID()}`) {
    return {
      prefix,
      async open(options: Partial<RedisHomeOptions> = {}) {
        const home = await openRedisHome({ url: server.url, prefix, log: silent, ...patient, ...options });
        onTestFinished(() => home.close());
        return home.mailbox;
      },
    };
  }

  test('after the last message nothing of its key is left but what must be remembered', async () => {
    const { prefix, open } = useHomes();
    const mailbox = await open({ retryDelaysMs: [5] });
    const failing = new Set(['k1/1', 'k2/2']);
    const desk = openDesk(mailbox, {
      async answer(delivery) {
        await delivery.note(sampleRecord('1'));
        if (failing.has(delivery.message.id)) throw new Error('no');
      },
    });
    for (const key of ['k1', 'k2', 'k3']) {
      for (const number of [1, 2, 3]) await mailbox.put(key, sampleMessage(`${key}/${number}`));
    }
    await until(() => desk.taken.length === 7 + 2 * 5);
    await desk.stop();
    const keys = (await redis.keys(`${prefix}:*`)).map((key) => key.slice(prefix.length + 1));
    const seen = keys.filter((key) => key.startsWith('seen:'));
    expect(seen).toHaveLength(9);
    for (const key of seen) expect(await redis.ttl(`${prefix}:${key}`)).toBeGreaterThan(24 * 60 * 60);
    const answered = keys.filter((key) => key.startsWith('answered:'));
    expect(answered).toHaveLength(3);
    for (const key of answered) {
      expect(await redis.ttl(`${prefix}:${key}`)).toBeGreaterThan(9 * 60);
      expect(await redis.ttl(`${prefix}:${key}`)).toBeLessThanOrEqual(10 * 60);
    }
    // What the queue keeps for itself, whatever the number of keys.
    const own = [
      'dead-letters',
      'dead-letter-count',
      ...['events', 'id', 'marker', 'meta', 'stalled-check'].map((key) => `doorbell:${key}`),
    ];
    expect(keys.filter((key) => ![...seen, ...answered, ...own].includes(key))).toEqual([]);
    expect(await redis.lrange(`${prefix}:dead-letters`, 0, -1)).toHaveLength(2);
  });

  test("the queue's own events are kept short", async () => {
    const { prefix, open } = useHomes();
    const mailbox = await open();
    const desk = openDesk(mailbox, { answer: async () => {} });
    for (let number = 1; number <= 1_000; number += 1) await mailbox.put('k', sampleMessage(`m${number}`));
    await until(() => desk.taken.length === 1_000);
    await desk.stop();
    expect(await redis.xlen(`${prefix}:doorbell:events`)).toBeLessThan(1_200);
  });

  test('what one process leaves, another one takes at once, without waiting for a lock', async () => {
    const { open } = useHomes();
    const leaving = openDesk(await open());
    const mailbox = await open();
    await mailbox.put('k', sampleMessage('m'));
    await leaving.next();
    const staying = openDesk(mailbox);
    await leaving.leave();
    const held = await staying.next();
    expect(held.delivery.attempt).toBe(1);
    held.finish();
    await staying.stop();
  });

  test('mail that came while a process was stopping is taken by another one at once', async () => {
    const { open } = useHomes();
    const stopping = openDesk(await open());
    const mailbox = await open();
    await mailbox.put('k', sampleMessage('m1'));
    const held = await stopping.next();
    await mailbox.put('k', sampleMessage('m2'));
    const stopped = stopping.stop();
    const staying = openDesk(mailbox);
    held.finish();
    (await staying.next()).finish();
    await stopped;
    await staying.stop();
    expect([stopping.taken, staying.taken]).toEqual([['m1#1'], ['m2#1']]);
  });

  test('mail that nobody was told of is found while work goes on', async () => {
    const { prefix, open } = useHomes();
    const desk = openDesk(await open({ sweepMs: 50 }));
    await linesOf(redis, prefix).put('first', sampleMessage('m1'));
    (await desk.next()).finish();
    await linesOf(redis, prefix).put('second', sampleMessage('m2'));
    (await desk.next()).finish();
    await desk.stop();
  });

  test('mail that nobody was told of is found when work starts', async () => {
    const { prefix, open } = useHomes();
    await linesOf(redis, prefix).put('k', sampleMessage('m'));
    const desk = openDesk(await open());
    (await desk.next()).finish();
    await desk.stop();
  });

  test('a put that is repeated after its process died before ringing is heard', async () => {
    const { prefix, open } = useHomes();
    const mailbox = await open();
    const desk = openDesk(mailbox);
    await mailbox.put('k', sampleMessage('m1'));
    (await desk.next()).finish(); // The sweep of the start is over.
    await linesOf(redis, prefix).put('other', sampleMessage('m2'));
    expect(await mailbox.put('other', sampleMessage('m2'))).toBe('seen');
    (await desk.next()).finish();
    await desk.stop();
  });

  test('a lock that another worker has got aborts the delivery', async () => {
    const { prefix, open } = useHomes();
    const mailbox = await open({ lockMs: 400 });
    const desk = openDesk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    const { delivery } = await desk.next();
    const [lock = ''] = await redis.keys(`${prefix}:doorbell:*:lock`);
    await redis.set(lock, 'another worker', 'PX', 60_000);
    await until(() => delivery.lost.aborted);
    expect(delivery.lost.reason).toBeInstanceOf(DeliveryLost);
    await expect(delivery.note(sampleRecord('late'))).rejects.toThrow(DeliveryLost);
    await desk.leave();
  });

  test('a lock that cannot be renewed because Redis is silent aborts the delivery', async () => {
    const { open } = useHomes();
    const mailbox = await open({ lockMs: 400 });
    const desk = openDesk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    const held = await desk.next();
    server.pause();
    try {
      await until(() => held.delivery.lost.aborted);
    } finally {
      server.resume();
    }
    held.fail();
    await desk.leave();
  });

  test('a lock is renewed for as long as the answer takes', async () => {
    const { open } = useHomes();
    const mailbox = await open({ lockMs: 500, stalledMs: 100 });
    const desk = openDesk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    const held = await desk.next();
    const since = performance.now();
    await until(() => performance.now() - since > 1_200);
    expect(held.delivery.lost.aborted).toBe(false);
    held.finish();
    await desk.stop();
    expect(desk.taken).toEqual(['m#1']);
  });

  test('an answer in this very process that lost its message ends before the message is taken again', async () => {
    const { prefix, open } = useHomes();
    const mailbox = await open({ lockMs: 400, stalledMs: 100 });
    const desk = openDesk(mailbox, { deaf: true });
    await mailbox.put('k', sampleMessage('m'));
    const first = await desk.next();
    const [lock = ''] = await redis.keys(`${prefix}:doorbell:*:lock`);
    const job = lock.slice(0, -':lock'.length);
    await redis.set(lock, 'another worker', 'PX', 300);
    await until(() => first.delivery.lost.aborted);
    // The queue gives the job out again and again, and each time it is put off.
    await until(async () => Number(await redis.hget(job, 'ats')) >= 3);
    expect(desk.taken).toEqual(['m#1']);
    first.fail();
    (await desk.next()).finish();
    await desk.stop();
    expect(desk.taken).toEqual(['m#1', 'm#2']);
  });

  test('a key whose workers are lost again and again is still looked after', async () => {
    const { prefix, open } = useHomes();
    const mailbox = await open({ lockMs: 400, stalledMs: 100 });
    const desk = openDesk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    for (let loss = 1; loss <= 4; loss += 1) {
      const held = await desk.next();
      const [lock = ''] = await redis.keys(`${prefix}:doorbell:*:lock`);
      await redis.set(lock, 'another worker', 'PX', 150);
      await until(() => held.delivery.lost.aborted);
    }
    (await desk.next()).finish();
    await desk.stop();
    expect(desk.taken).toEqual(['m#1', 'm#2', 'm#3', 'm#4', 'm#5']);
  });

  test('closing a home leaves what is at work', async () => {
    const { open, prefix } = useHomes();
    const home = await openRedisHome({ url: server.url, prefix, log: silent, ...patient });
    const desk = openDesk(home.mailbox);
    await home.mailbox.put('k', sampleMessage('m'));
    const held = await desk.next();
    await home.close();
    expect(held.delivery.lost.aborted).toBe(true);
    expect((await openDesk(await open()).next()).delivery.attempt).toBe(1);
  });

  test('no log line tells what was written, by whom or where', async () => {
    const { log, lines } = keepLog();
    const { open } = useHomes();
    const mailbox = await open({ log, retryDelaysMs: [1] });
    const desk = openDesk(mailbox, {
      answer: () => Promise.reject(new Error('no')),
      giveUp: () => Promise.reject(new Error('gone')),
    });
    await mailbox.put('key-of-ann', sampleMessage('id-of-ann', 'between us'));
    await until(() => lines.some((line) => line.includes('could not be told')));
    await desk.stop();
    expect(lines.join('\n')).toContain('could not be told');
    expect(lines.join('\n')).not.toMatch(/-of-ann|between us|Ann/);
  });
});

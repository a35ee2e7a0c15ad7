import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLetters } from '../../src/redis/letters.ts';
import { createMail } from '../../src/redis/mail.ts';
import { mailNames } from '../../src/redis/mail-names.ts';
import { sampleMessage, sampleRecord } from '../contracts/samples.ts';
import { type RedisServer, redisServer, startRedisServer } from './server.ts';
import { linesOf } from './store.ts';

describe.skipIf(!redisServer.available)('mail in Redis', () => {
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

  async function prepare() {
    const prefix = randomUUID();
    const names = mailNames(prefix);
    const mail = createMail(redis, names, Date.now);
    const lines = linesOf(redis, prefix);
    const letters = createLetters(redis, names);
    await lines.put('k', sampleMessage('m1'));
    await lines.put('k', sampleMessage('m2'));
    const lock = { name: `${prefix}:lock`, token: 'mine' };
    await redis.set(lock.name, lock.token);
    const letter = { key: 'k', message: sampleMessage('m1'), reason: 'no', at: 1 };
    return {
      prefix,
      mail,
      lines,
      letters,
      lock,
      letter,
      first: { key: 'k', owner: 'a' },
      second: { key: 'k', owner: 'b' },
    };
  }

  test('nothing is taken by a worker whose lock has gone to another', async () => {
    const { mail, lock, first, second } = await prepare();
    await mail.take(second, lock);
    expect(await mail.take(first, { ...lock, token: 'of yesterday' })).toBe('lost');
    expect(await mail.note(second, sampleRecord('1'), false)).toBe('noted');
  });

  test('a former owner changes nothing', async () => {
    const { mail, letters, lock, letter, first, second } = await prepare();
    await mail.take(first, lock);
    expect(await mail.take(second, lock)).toMatchObject({ attempt: 2 });
    expect(await mail.note(first, sampleRecord('late'), false)).toBe('lost');
    expect(await mail.remove(first)).toBe('lost');
    expect(await mail.bury(first, letter)).toBe('lost');
    await mail.uncount(first);
    expect(await mail.take({ key: 'k', owner: 'c' }, lock)).toEqual({
      message: sampleMessage('m1'),
      attempt: 3,
      record: undefined,
    });
    expect(await letters.all()).toEqual([]);
  });

  test('what a broken connection sends twice is done once', async () => {
    const { mail, lines, letters, lock, letter, first, second } = await prepare();
    await mail.take(first, lock);
    expect(await mail.take(first, lock)).toMatchObject({ message: { id: 'm1' }, attempt: 1 });
    await mail.uncount(first);
    await mail.uncount(first);
    expect(await mail.take(second, lock)).toMatchObject({ attempt: 1 });
    expect(await mail.remove(second)).toBe('left');
    expect(await mail.remove(second)).toBe('left');
    expect(await mail.take(first, lock)).toMatchObject({ message: { id: 'm2' }, attempt: 1 });
    expect(await mail.bury(first, letter)).toBe('empty');
    await mail.bury(first, letter);
    expect(await letters.all()).toEqual([{ id: '1', ...letter }]);
    expect(await mail.take(first, lock)).toBe('empty');
    expect(await lines.keys()).toEqual([]);
  });

  test('scripts are there again after the server has forgotten them', async () => {
    const { mail, lock, first } = await prepare();
    await redis.script('FLUSH');
    expect(await mail.take(first, lock)).toMatchObject({ message: { id: 'm1' } });
  });

  test('an error repeats nothing of what was written', async () => {
    const { prefix, lines } = await prepare();
    await redis.set(`${prefix}:mail:other`, 'not a list');
    const error = await lines.put('other', sampleMessage('m3', 'between us')).catch((error) => error);
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toMatch(/^Redis: WRONGTYPE/);
    expect(JSON.stringify([error.message, error.stack, error, error.cause ?? ''])).not.toContain(
      'between us',
    );
  });
});

import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createConversationStore } from '../../src/redis/conversations.ts';
import { createFeed } from '../../src/redis/feed.ts';
import { createLetters } from '../../src/redis/letters.ts';
import { createMail } from '../../src/redis/mail.ts';
import { mailNames } from '../../src/redis/mail-names.ts';
import { createPosts } from '../../src/redis/posts.ts';
import { createSessions } from '../../src/redis/sessions.ts';
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
    await mail.fail(first);
    expect(await mail.take({ key: 'k', owner: 'c' }, lock)).toEqual({
      message: sampleMessage('m1'),
      attempt: 3,
      failures: 0,
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

  test('what is counted anew is counted anew by its owner alone, also when it is sent twice', async () => {
    const { mail, lock, first, second } = await prepare();
    for (const owner of ['1', '2', '3']) await mail.take({ key: 'k', owner }, lock);
    await mail.take(first, lock);
    await mail.note(first, sampleRecord('1'), true);
    await mail.note(first, sampleRecord('1'), true);
    expect(await mail.take(second, lock)).toMatchObject({ attempt: 2, record: sampleRecord('1') });
    expect(await mail.note(first, sampleRecord('late'), true)).toBe('lost');
    expect(await mail.take(first, lock)).toMatchObject({ attempt: 3, record: sampleRecord('1') });
  });

  test('what a broken connection sends twice joins once, and is buried and replayed once', async () => {
    const { mail, lines, letters, lock, letter, first } = await prepare();
    const cut = { ...sampleMessage('m3'), isCut: true, openUntil: Date.now() + 1_000 };
    await lines.put('k', cut);
    expect(await lines.put('k', sampleMessage('m4'))).toBe('joined');
    expect(await lines.put('k', sampleMessage('m4'))).toBe('seen');
    expect((await lines.line('k')).map(({ pieces }) => pieces?.length)).toEqual([undefined, undefined, 2]);
    await mail.take(first, lock);
    await mail.bury(first, letter);
    expect(await letters.replay('1')).toBe('k');
    expect(await letters.replay('1')).toBeUndefined();
    expect((await lines.line('k')).map(({ id }) => id)).toEqual(['m2', 'm3', 'm1']);
  });

  test('the rest of an open message is looked for once more when another one has come in between', async () => {
    const { lines } = await prepare();
    const photo = (id: string) => ({ ...sampleMessage(id), album: 'a', openUntil: Date.now() + 1_000 });
    await lines.put('k', photo('p0'));
    const ids = Array.from({ length: 20 }, (_, index) => `p${index + 1}`);
    await Promise.all(ids.map((id) => lines.put('k', photo(id))));
    expect((await lines.line('k')).map(({ pieces }) => pieces?.length)).toEqual([undefined, undefined, 21]);
  });

  test('letters of the first versions, without ids, are listed, replayed and purged', async () => {
    const { prefix, lines, letters, letter } = await prepare();
    const other = { ...letter, message: sampleMessage('m0') };
    for (const old of [letter, other]) await redis.rpush(`${prefix}:dead-letters`, JSON.stringify(old));
    const all = await letters.all();
    expect(all).toMatchObject([letter, other]);
    for (const { id } of all) expect(id).toMatch(/^[0-9a-f]{8}$/);
    expect(await letters.replay(all[0]?.id ?? '')).toBe('k');
    expect(await letters.purge(all[1]?.id)).toBe(1);
    expect(await letters.all()).toEqual([]);
    expect((await lines.line('k')).map(({ id }) => id)).toEqual(['m1', 'm2', 'm1']);
  });

  test('all that is kept of posts and claims ends by itself within an hour', async () => {
    const prefix = randomUUID();
    const posts = createPosts(redis, prefix);
    const channel = { platform: 'test', bot: 'bot', channel: 'room' };
    await posts.keep(channel, channel, 'p1', '1');
    await posts.heard({ ...channel, channel: 'all' }, channel, '3');
    await posts.claim(channel, 'p2', '2');
    const keys = await redis.keys(`${prefix}:*`);
    expect(keys).toHaveLength(5);
    for (const key of keys) {
      const minutes = key.includes('post-claim') ? 1 : 60;
      expect(await redis.pttl(key)).toBeLessThanOrEqual(minutes * 60_000);
      expect(await redis.pttl(key)).toBeGreaterThan((minutes - 0.5) * 60_000);
    }
  });

  test('all that is kept of an answer by HTTP, and of its session, ends by itself', async () => {
    const prefix = randomUUID();
    const feed = createFeed({ client: redis, subscriber: redis, prefix });
    const conversations = createConversationStore(redis, prefix);
    const hourMs = 60 * 60 * 1_000;
    await feed.append('open', { type: 'asked', session: 's', owner: 'o' });
    await feed.append('m', { type: 'end', ended: { outcome: 'answered' } });
    await createSessions(redis, prefix, Date.now).ask({ id: 's', owner: 'o', user: 'u' });
    await conversations.keepFor('k', 90 * 24 * hourMs);
    await conversations.save('k', 0, '77');
    await conversations.claim('78', 'k');
    const hours = { 'feed:open': 25, 'feed:m': 1, 'session:s': 2_160 };
    const kept = { ...hours, 'conversation:k': 2_160, 'holder:77': 2_160, 'holder:78': 2_160 };
    const keys = await redis.keys(`${prefix}:*`);
    expect(keys.sort()).toEqual(
      Object.keys(kept)
        .map((key) => `${prefix}:${key}`)
        .sort(),
    );
    for (const [key, most] of Object.entries(kept)) {
      const leftMs = await redis.pttl(`${prefix}:${key}`);
      expect(leftMs, key).toBeLessThanOrEqual(most * hourMs);
      expect(leftMs, key).toBeGreaterThan((most - 0.1) * hourMs);
    }
  });
});

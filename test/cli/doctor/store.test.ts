import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock as clock } from '../../../src/clock.ts';
import { openEmbeddedHome } from '../../../src/embedded/home.ts';
import { openRedisHome } from '../../../src/redis/home.ts';
import { sampleMessage } from '../../contracts/samples.ts';
import { keepLog } from '../../redis/log.ts';
import { redisServer, startRedisServer } from '../../redis/server.ts';
import { openClinic } from './stand.ts';

describe('the store in a folder', () => {
  test('is sound beside a bridge that is at work there, too', async () => {
    const { examine, folder } = await openClinic();
    const home = await openEmbeddedHome({ dir: join(folder, 'data'), clock, log: keepLog().log });
    expect((await examine()).found.store).toMatchObject({
      state: 'ok',
      words: expect.stringMatching(/sound/),
    });
    await home.close();
  });

  test('is not made by looking at it', async () => {
    const { examine, folder } = await openClinic();
    expect((await examine({ DATA_DIR: join(folder, 'a/b') })).found.store?.state).toBe('ok');
    expect((await examine({ DATA_DIR: join(folder, 'a/b') })).found.store?.words).toMatch(/empty so far/);
    expect(existsSync(join(folder, 'a'))).toBe(false);
  });

  test.each([
    ['is a file', (folder: string) => writeFileSync(join(folder, 'data'), 'x'), /DATA_DIR/],
    [
      'holds what is no database',
      (folder: string) => {
        mkdirSync(join(folder, 'data'));
        writeFileSync(join(folder, 'data/bridge.db'), 'x'.repeat(5_000));
      },
      /damaged or no SQLite file/,
    ],
  ])('that %s is of no use', async (_what, spoil, words) => {
    const { examine, folder } = await openClinic();
    spoil(folder);
    const { status, found } = await examine();
    expect([status, found.store]).toEqual([1, { state: 'failed', words: expect.stringMatching(words) }]);
  });
});

describe.skipIf(!redisServer.available)('the store on Redis', () => {
  async function useServer(settings: Record<string, string> = {}) {
    const server = await startRedisServer(settings);
    onTestFinished(() => server.remove());
    return server;
  }

  test('is sound', async () => {
    const { url } = await useServer({ requirepass: 'open-sesame' });
    const { examine } = await openClinic();
    expect((await examine({ REDIS_URL: url })).found.store).toMatchObject({
      state: 'ok',
      words: expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ answers/),
    });
  });

  test('is asked whether anybody answers what lies in it', async () => {
    const { url } = await useServer();
    const { examine } = await openClinic();
    const looked = async () => (await examine({ REDIS_URL: url })).found.workers;
    expect(await looked()).toMatchObject({ state: 'odd', words: expect.stringMatching(/nobody answers/) });
    const { mailbox, close } = await openRedisHome({ url, log: keepLog().log });
    onTestFinished(close);
    await mailbox.put('k', { ...sampleMessage('m'), sentAt: Date.now() - 180_000 });
    expect(await looked()).toMatchObject({
      state: 'failed',
      words: 'nobody answers; conversations with something to answer: 1, the oldest for 3 min',
    });
    const over = new AbortController();
    const worked = mailbox.work(
      { answer: async () => {}, giveUp: async () => {} },
      { concurrency: 1, stop: over.signal, leave: over.signal },
    );
    await expect
      .poll(looked, { timeout: 5_000 })
      .toMatchObject({ state: 'ok', words: expect.stringMatching(/^processes that answer: 1/) });
    over.abort();
    await worked;
  });

  test.each([
    ['evicts keys', { 'maxmemory-policy': 'allkeys-lru' }, 'failed', /allkeys-lru/, /noeviction/],
    ['keeps nothing', { appendonly: 'no' }, 'odd', /persists nothing/, /appendonly/],
    ['wants a password', { requirepass: 'another' }, 'failed', /wants a password|refuses/, undefined],
  ])('that %s is told', async (_what, settings, state, words, advice) => {
    const { port } = await useServer(settings);
    const { examine } = await openClinic();
    expect((await examine({ REDIS_URL: `redis://127.0.0.1:${port}` })).found.store).toMatchObject({
      state,
      words: expect.stringMatching(words),
      ...(advice && { advice: expect.stringMatching(advice) }),
    });
  });

  test('that is not there is told', async () => {
    const { examine } = await openClinic();
    expect((await examine({ REDIS_URL: 'redis://:open-sesame@127.0.0.1:9' })).found.store).toMatchObject({
      state: 'failed',
      words: expect.stringMatching(/127\.0\.0\.1:9.*ECONNREFUSED/),
      advice: expect.stringMatching(/REDIS_URL/),
    });
  });
});

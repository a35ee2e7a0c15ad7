import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openRedisDeadLetters } from '../../src/redis/dead-letters.ts';
import { openRedisHome } from '../../src/redis/home.ts';
import { keepLog } from './log.ts';
import { redisServer, startRedisServer } from './server.ts';

const secret = 'open-sesame';

async function useServer(settings: Readonly<Record<string, string>> = {}) {
  const server = await startRedisServer(settings);
  onTestFinished(() => server.remove());
  return server;
}

async function open(url: string) {
  const { log, lines } = keepLog();
  const home = await openRedisHome({ url, log });
  onTestFinished(() => home.close());
  return lines;
}

async function refusalOf(url: string): Promise<string> {
  const { log, lines } = keepLog();
  const error: Error = await openRedisHome({ url, log, patienceMs: 1_000 }).then(
    () => expect.unreachable('it was opened'),
    (refusal) => refusal,
  );
  const everything = JSON.stringify([lines, error.message, error.stack, error, error.cause ?? '']);
  expect(everything).not.toContain(secret);
  return error.message;
}

describe.skipIf(!redisServer.available)('opening a home on Redis', () => {
  test('refuses an address that is none, without repeating it', async () => {
    expect(await refusalOf(`http://:${secret}@127.0.0.1`)).toMatch(/REDIS_URL.*redis:\/\//);
    expect(await refusalOf(`:${secret}@127.0.0.1`)).toMatch(/REDIS_URL.*redis:\/\//);
  });

  test('says which server cannot be reached', async () => {
    const server = await useServer();
    await server.kill();
    const message = await refusalOf(`redis://:${secret}@127.0.0.1:${server.port}`);
    expect(message).toContain(`127.0.0.1:${server.port}`);
    expect(message).toContain('ECONNREFUSED');
  });

  test('refuses a server that does not speak TLS when asked to', async () => {
    const server = await useServer();
    expect(await refusalOf(`rediss://:${secret}@127.0.0.1:${server.port}`)).toContain(
      `127.0.0.1:${server.port}`,
    );
  });

  test('does not wait for ever for a server that is silent', async () => {
    const server = await useServer();
    server.pause();
    expect(await refusalOf(server.url)).toBe(
      `Redis at 127.0.0.1:${server.port} cannot be used: it does not answer. Start it, or mend REDIS_URL.`,
    );
    server.resume();
  });

  test('says that the password is wrong, or that there is none', async () => {
    const server = await useServer({ requirepass: 'another' });
    expect(await refusalOf(`redis://:${secret}@127.0.0.1:${server.port}`)).toMatch(/refuses the password/);
    expect(await refusalOf(`redis://127.0.0.1:${server.port}`)).toMatch(/wants a password/);
    await open(server.url);
  });

  test('refuses a server that evicts keys, and says what to set', async () => {
    const server = await useServer({ 'maxmemory-policy': 'allkeys-lru' });
    expect(await refusalOf(server.url)).toMatch(/allkeys-lru.*noeviction/);
  });

  test('finds that out too where it may not read the settings', async () => {
    const server = await useServer({ 'maxmemory-policy': 'volatile-ttl' });
    const admin = new Redis(server.url);
    onTestFinished(() => admin.disconnect());
    await admin.acl('SETUSER', 'bridge', 'on', `>${secret}`, '~*', '&*', '+@all', '-config');
    const url = `redis://bridge:${secret}@127.0.0.1:${server.port}`;
    expect(await refusalOf(url)).toMatch(/volatile-ttl.*noeviction/);
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    expect(await open(url)).toEqual([]);
  });

  test('warns when the server persists nothing, and only then', async () => {
    const forgetful = await useServer({ appendonly: 'no' });
    expect(await open(forgetful.url)).toEqual([expect.stringMatching(/^warn redis persists nothing/)]);
    const snapshots = await useServer({ appendonly: 'no', save: '60 1' });
    expect(await open(snapshots.url)).toEqual([]);
  });

  test('the command line hears just as clearly why it cannot have the dead letters, and holds nothing', async () => {
    const server = await useServer();
    const { log } = keepLog();
    const commandLine = await openRedisDeadLetters({ url: server.url, log });
    expect(await commandLine.deadLetters()).toEqual([]);
    await commandLine.close();
    const probe = new Redis(server.url);
    await expect
      .poll(
        async () =>
          String(await probe.client('LIST'))
            .trim()
            .split('\n').length,
      )
      .toBe(1);
    probe.disconnect();
    await server.kill();
    await expect(openRedisDeadLetters({ url: server.url, log, patienceMs: 1_000 })).rejects.toThrow(
      /^Redis at 127\.0\.0\.1:\d+ cannot be used: .*ECONNREFUSED/,
    );
  });
});

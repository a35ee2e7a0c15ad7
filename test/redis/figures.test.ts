import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createLook } from '../../src/looking.ts';
import { openRedisHome } from '../../src/redis/home.ts';
import { sampleMessage } from '../contracts/samples.ts';
import { redisServer, startRedisServer } from './server.ts';
import { silent, testTimes } from './store.ts';

describe.skipIf(!redisServer.available)('whoever asks what the mailbox holds while Redis', () => {
  async function useLook() {
    const server = await startRedisServer();
    onTestFinished(() => server.remove());
    const home = await openRedisHome({ url: server.url, log: silent, ...testTimes });
    onTestFinished(() => home.close());
    await home.mailbox.put('k', sampleMessage('m'));
    const look = createLook(home.mailbox, systemClock);
    expect(await look()).toMatchObject({ lines: 1 });
    // What was seen is told for a second.
    await sleep(1_100);
    return { server, look };
  }

  test('is gone hears nothing, soon, and hears it again when it is back', async () => {
    const { server, look } = await useLook();
    await server.kill();
    const askedAt = Date.now();
    expect(await look()).toBeUndefined();
    expect(Date.now() - askedAt).toBeLessThan(2_500);
    await server.start();
    await expect.poll(look, { timeout: 10_000 }).toMatchObject({ lines: 1 });
    // ioredis leaves a rejection unhandled where a subscriber is closed in the moment in which it is back.
    await sleep(1_000);
  });

  test('is silent hears nothing within two seconds', async () => {
    const { server, look } = await useLook();
    server.pause();
    const askedAt = Date.now();
    expect(await look()).toBeUndefined();
    expect(Date.now() - askedAt).toBeLessThan(2_500);
    server.resume();
    await expect.poll(look, { timeout: 10_000 }).toMatchObject({ lines: 1 });
  });
});

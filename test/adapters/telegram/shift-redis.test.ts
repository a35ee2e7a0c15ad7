import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { startTelegramEmulator } from '../../../emulators/telegram/emulator.ts';
import type { Leases } from '../../../src/core/ports/store.ts';
import { openRedisHome } from '../../../src/redis/home.ts';
import { redisServer, startRedisServer } from '../../redis/server.ts';
import { silent } from '../../redis/store.ts';
import { checkAndStop, startListening } from './listening.ts';

afterEach(checkAndStop);

describe.runIf(redisServer.available)('a shift on Redis', () => {
  async function openStore() {
    const server = await startRedisServer();
    onTestFinished(() => server.remove());
    const open = async () => {
      const home = await openRedisHome({ url: server.url, log: silent, leaseMs: 1_000 });
      onTestFinished(() => home.close());
      return home;
    };
    return { server, open };
  }

  test('while Redis is away nobody polls, and when it is back all is heard', async () => {
    const { server, open } = await openStore();
    const emulator = await startTelegramEmulator({ pollSecondMs: 2 });
    const home = await open();
    const polls = () => emulator.calls.filter(({ method }) => method === 'getUpdates').length;
    const pollsBefore: number[] = [];
    const leases: Leases = {
      async take(...asked) {
        const lease = await home.leases.take(...asked);
        pollsBefore.push(polls());
        return lease;
      },
    };
    const { heard, isReady, log } = await startListening({ emulator, leases });
    await emulator.until(isReady);
    await server.kill();
    await emulator.until(() => log.events().length === 1);
    const before = polls();
    emulator.privateChat().say('hi');
    await server.start();
    await emulator.until(() => heard.length === 1, 15_000);
    // With the lease, and not before; one poll may have been on its way.
    expect(pollsBefore).toEqual([0, expect.toSatisfy((polled: number) => polled - before <= 1)]);
    expect(log.events()).toEqual([
      'warn: the store was away for so long that another process may look after Telegram now; this one waits for its turn',
      'info: no other process does: this one looks after Telegram again',
    ]);
  });

  test('who has gone without a word is waited out, and nothing is lost', async () => {
    const { open } = await openStore();
    const emulator = await startTelegramEmulator({ pollSecondMs: 100 });
    const [one, other] = [await open(), await open()];
    const first = await startListening({ emulator, leases: one.leases });
    await emulator.until(first.isReady);
    const second = await startListening({ emulator, leases: other.leases });
    await emulator.until(second.isReady);
    // Its lease cannot be given back any more.
    await one.close();
    await first.stop();
    emulator.privateChat().say('hi');
    await emulator.until(() => second.heard.length === 1);
    expect(emulator.calls.filter(({ reply }) => reply?.ok === false)).toEqual([]);
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { checkAndStop, startEmulator, startHearing, startListening } from './listening.ts';

afterEach(checkAndStop);

const texts = (heard: readonly { text: string }[]) => heard.map(({ text }) => text);

describe('a connection that ends', () => {
  const lostAndFound = [
    'info: the connection to Discord has ended; connecting again',
    'info: connected to Discord again',
  ];

  test('is resumed, and brings what was said meanwhile', async () => {
    const { emulator, heard, log } = await startHearing();
    const dm = emulator.dm();
    emulator.gateway.drop();
    dm.say('are you there?');
    await emulator.until(() => heard.length === 1);
    dm.say('good');
    await emulator.until(() => heard.length === 2);
    expect(texts(heard)).toEqual(['are you there?', 'good']);
    await emulator.until(() => log.events().length === 2);
    expect(log.events()).toEqual(lostAndFound);
  });

  test('at the wish of Discord is resumed', async () => {
    const { emulator, heard, log } = await startHearing();
    emulator.gateway.reconnect();
    await emulator.until(() => log.events().length === 2);
    emulator.dm().say('hello');
    await emulator.until(() => heard.length === 1);
    expect(log.events()).toEqual(lostAndFound);
  });

  test('with a code that time mends is found again, and told of once', async () => {
    const { emulator, heard, log } = await startHearing();
    for (const code of [4000, 4009]) {
      const before = emulator.gateway.connections.length;
      emulator.gateway.close(code);
      await emulator.until(
        () => emulator.gateway.connections.length > before && emulator.gateway.online() === 1,
      );
    }
    emulator.dm().say('hello');
    await emulator.until(() => heard.length === 1);
    await emulator.until(() => log.events().length === 4);
    expect(log.events()).toEqual([...lostAndFound, ...lostAndFound]);
  });
});

describe('a gateway that says nothing', () => {
  test('to a wish to resume is left for a new session', async () => {
    const { emulator, heard, log } = await startHearing({ limits: { silentMs: 100_000 } });
    emulator.gateway.welcome(false);
    emulator.gateway.drop();
    await emulator.until(() => log.events().length === 2);
    emulator.gateway.welcome(true);
    await emulator.until(() => log.events().length === 3);
    emulator.dm().say('hello');
    await emulator.until(() => heard.length === 1);
    expect(emulator.gateway.connections.at(-1)?.path).toBe('/');
    expect(log.events()).toEqual([
      'info: the connection to Discord has ended; connecting again',
      'warn: Discord cannot be reached; trying again',
      'info: Discord is reached again',
    ]);
    expect(log.text()).toContain('the gateway is silent');
  });

  test('is no older trouble, once it has spoken: the waits begin anew', async () => {
    const { emulator, log, waitsMs } = await startHearing({ limits: { silentMs: 100_000 } });
    for (const episode of [1, 2]) {
      emulator.gateway.welcome(false);
      emulator.gateway.drop();
      await emulator.until(() => log.events().length === 3 * episode - 1);
      emulator.gateway.welcome(true);
      await emulator.until(() => log.events().length === 3 * episode);
    }
    expect(waitsMs.filter((ms) => ms === 1_000 || ms === 2_000)).toEqual([1_000, 1_000]);
  });

  test('at the beginning is tried again', async () => {
    const emulator = await startEmulator();
    emulator.gateway.welcome(false);
    const { log } = await startListening({ emulator, limits: { silentMs: 100_000 } });
    await emulator.until(() => log.events().length === 1);
    emulator.gateway.welcome(true);
    await emulator.until(() => log.events().length === 2);
    expect(log.events()).toEqual([
      'warn: Discord cannot be reached; trying again',
      'info: Discord is reached again',
    ]);
    // It would take the client that was left half a second to come back.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(emulator.gateway.connections).toHaveLength(2);
  });
});

describe('what Discord will never have', () => {
  test('a wrong token', async () => {
    const { ended, waitsMs } = await startListening({ token: 'MTIzNDU2Nzg5MDEyMzQ1Njc4.Gwrong.wrong_wrong' });
    await expect(ended).rejects.toThrow(/DISCORD_BOT_TOKEN.*Reset Token/);
    expect(waitsMs).toEqual([]);
  });

  test('a wish to read all that its owner has not switched on', async () => {
    const { ended, isReady, log } = await startListening({ readsAll: true });
    await expect(ended).rejects.toThrow(/Message Content Intent.*unset DISCORD_MESSAGE_CONTENT/);
    expect(log.events()).toEqual([]);
    expect(isReady()).toBe(false);
  });

  test('a token that is revoked while it listens', async () => {
    const { emulator, ended, log } = await startHearing();
    emulator.gateway.close(4004);
    await expect(ended).rejects.toThrow(/DISCORD_BOT_TOKEN/);
    expect(log.events()).toEqual([]);
  });

  test('what is closed for good for another reason', async () => {
    const { emulator, ended } = await startHearing();
    emulator.gateway.close(4013);
    await expect(ended).rejects.toThrow(/for good \(4013\)/);
  });
});

describe('while Discord is away', () => {
  test('it is tried again, later each time, and said once', async () => {
    const emulator = await startEmulator();
    emulator.fault({ kind: 'refuse', status: 503, route: '/gateway/bot' }, 4);
    const { heard, log, waitsMs } = await startHearing({ emulator });
    emulator.dm().say('hi');
    await emulator.until(() => heard.length === 1);
    expect(waitsMs.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(waitsMs).not.toContain(16_000);
    expect(log.events()).toEqual([
      'warn: Discord cannot be reached; trying again',
      'info: Discord is reached again',
    ]);
  });

  test('a limit is waited out', async () => {
    const emulator = await startEmulator();
    emulator.fault({ kind: 'limit', retryAfter: 17, route: '/gateway/bot' });
    const { waitsMs } = await startHearing({ emulator });
    expect(waitsMs[0]).toBeGreaterThan(16_000);
  });

  test('the end comes at once', async () => {
    const emulator = await startEmulator();
    emulator.fault({ kind: 'hang', route: '/gateway/bot' });
    const { stop } = await startListening({ emulator });
    await emulator.until(() => emulator.calls.length === 1);
    await stop();
  });

  test('before it has begun is the end', async () => {
    const { stop, isReady } = await startListening();
    await stop();
    expect(isReady()).toBe(false);
  });
});

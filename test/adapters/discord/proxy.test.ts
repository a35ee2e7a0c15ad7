import { createRequire } from 'node:module';
import { afterEach, describe, expect, test } from 'vitest';
import { openProxy, wayBy } from '../../proxy/stand.ts';
import { checkAndStop, startEmulator, startHearing, startListening } from './listening.ts';
import { createSender, part } from './sending.ts';

afterEach(checkAndStop);

describe.each(['http', 'socks5'] as const)('Discord behind a proxy, %s,', (kind) => {
  /** A Discord whose name only the proxy knows, so that nothing gets to it past the proxy. */
  async function open() {
    const emulator = await startEmulator({ knownAs: 'http://discord.test' });
    const local = await openProxy({ kind, names: { 'discord.test:80': emulator.port } });
    const proxy = wayBy(local.url);
    const { sender } = createSender({
      emulator,
      changed: { DISCORD_API_URL: 'http://discord.test/api', proxy },
    });
    return { emulator, local, proxy, sender };
  }

  test('is heard and written to through it', async () => {
    const { emulator, local, proxy, sender } = await open();
    const { heard } = await startHearing({ emulator, proxy });
    const dm = emulator.dm();
    dm.say('hello');
    await emulator.until(() => heard.length === 1);
    const target = { platform: 'discord', bot: emulator.bot.user.id, channel: dm.id };
    const ref = await sender.post(target, part('hi'));
    for (const text of ['hi there', 'hi there, you']) await sender.edit(ref, part(text));
    expect(emulator.shown(dm.id).map(({ content }) => content)).toEqual(['hi there, you']);
    expect(emulator.gateway.connections).toHaveLength(1);
    expect(new Set(local.targets)).toEqual(new Set(['discord.test:80']));
    // One for the gateway, one or two for the calls.
    expect(local.targets.length).toBeLessThan(5);
  });

  test('a slash command is acknowledged through it', async () => {
    const { emulator, proxy } = await open();
    const { heard } = await startHearing({ emulator, proxy });
    emulator.dm().run('help');
    await emulator.until(() => heard.length === 1);
    expect(emulator.calls.some(({ path }) => path.endsWith('/callback'))).toBe(true);
  });

  test.each([
    ['drops the line', 'drop'],
    ['asks to reconnect', 'reconnect'],
    // It may identify itself only every five seconds.
    ...(kind === 'http' ? ([['ends the session', 'invalidate']] as const) : []),
  ] as const)('is connected to through it again when it %s', async (_, act) => {
    const { emulator, proxy } = await open();
    const { heard } = await startHearing({ emulator, proxy });
    emulator.gateway[act]();
    await emulator.until(() => emulator.gateway.connections.length === 2, 15_000);
    await emulator.until(() => emulator.gateway.online() === 1, 15_000);
    emulator.dm().say('still there?');
    await emulator.until(() => heard.length === 1);
  });

  test('is connected to again when the proxy was away', async () => {
    const { emulator, local, proxy } = await open();
    const { heard, log } = await startHearing({ emulator, proxy });
    local.manner = 'deny';
    local.cut();
    await emulator.until(() => log.text().includes('the proxy 127.0.0.1:'));
    expect(log.text()).toMatch(/the proxy 127\.0\.0\.1:\d+ gives no connection to discord\.test:80 \(\w+\)/);
    local.manner = 'serve';
    await emulator.until(() => emulator.gateway.online() === 1, 20_000);
    emulator.dm().say('still there?');
    await emulator.until(() => heard.length === 1);
  });

  test('that fails is said to be the proxy', async () => {
    const { emulator, local, proxy, sender } = await open();
    local.manner = 'deny';
    const { log } = await startListening({ emulator, proxy });
    await emulator.until(() => log.events().length > 0);
    expect(log.events()).toEqual(['warn: Discord cannot be reached; trying again']);
    expect(log.text()).toMatch(/the proxy 127\.0\.0\.1:\d+ gives no connection to discord\.test:80 \(\w+\)/);
    await expect(
      sender.post({ platform: 'discord', bot: '1', channel: '1' }, part('hi')),
    ).rejects.toMatchObject({
      name: 'Unreachable',
      landed: 'no',
      message: expect.stringMatching(/the proxy 127\.0\.0\.1:\d+ gives/),
    });
    local.manner = 'serve';
  });
});

test('a client without a proxy, beside one that has one, goes straight on, and so does whoever else uses ws', async () => {
  const away = await startEmulator({ knownAs: 'http://discord.test' });
  const local = await openProxy({ kind: 'http', names: { 'discord.test:80': away.port } });
  await startHearing({ emulator: away, proxy: wayBy(local.url) });
  const near = await startEmulator();
  const asked = local.connections();
  const { heard } = await startHearing({ emulator: near });
  near.gateway.reconnect();
  await near.until(() => near.gateway.connections.length === 2, 15_000);
  await near.until(() => near.gateway.online() === 1, 15_000);
  near.dm().say('hello');
  await near.until(() => heard.length === 1);
  away.gateway.reconnect();
  await away.until(() => away.gateway.connections.length === 2 && away.gateway.online() === 1, 15_000);
  expect(local.connections()).toBeGreaterThan(asked);
  expect(local.targets.every((target) => target === 'discord.test:80')).toBe(true);
  const ws = createRequire(import.meta.url)('ws');
  expect(ws.WebSocket).toBe(ws);
});

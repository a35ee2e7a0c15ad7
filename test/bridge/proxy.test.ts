import { describe, expect, onTestFinished, test } from 'vitest';
import { startCozeEmulator } from '../../emulators/coze/index.ts';
import { startDiscordEmulator } from '../../emulators/discord/emulator.ts';
import { startTelegramEmulator } from '../../emulators/telegram/emulator.ts';
import { openProxy } from '../proxy/stand.ts';
import { redisServer, startRedisServer } from '../redis/server.ts';
import { type BridgeProcess, createLaunchpad } from '../support/bridge-process.ts';
import { certificatePath, startTlsFront } from '../support/certificate.ts';
import type { ProxyOptions } from '../support/proxy.ts';

const cozeToken = 'pat_TestTokenThatOpensNothing';

/** A bridge, and far from it, behind names that nobody here can look up, Coze, Telegram and Discord. */
async function createFarStand(scheme: 'http' | 'https') {
  const coze = await startCozeEmulator({ tokens: [cozeToken] });
  const telegram = await startTelegramEmulator();
  const discord = await startDiscordEmulator({ knownAs: `${scheme}://discord.test` });
  const launchpad = createLaunchpad();
  onTestFinished(async () => {
    await launchpad.clear();
    await Promise.all([coze.close(), telegram.close(), discord.close()]);
  });
  const usualPort = scheme === 'https' ? 443 : 80;
  const ports = { coze: portOf(coze.url), telegram: portOf(telegram.url), discord: discord.port };
  const names: Record<string, number> = {};
  for (const [name, port] of Object.entries(ports)) {
    names[`${name}.test:${usualPort}`] = scheme === 'https' ? await frontOf(port, `${name}.test`) : port;
  }
  const bridges: BridgeProcess[] = [];
  return {
    /** What all legs come to when each has been used. */
    everywhere: Object.keys(names),
    proxy: (kind: ProxyOptions['kind'], more: Partial<ProxyOptions> = {}) =>
      openProxy({ kind, names, ...more }),
    launch(env: Record<string, string>): BridgeProcess {
      const bridge = launchpad.launch({
        COZE_API_TOKEN: cozeToken,
        COZE_BOT_ID: '7300000000000000001',
        COZE_BASE_URL: `${scheme}://coze.test`,
        TELEGRAM_BOT_TOKEN: telegram.token,
        TELEGRAM_API_ROOT: `${scheme}://telegram.test`,
        DISCORD_BOT_TOKEN: discord.token,
        DISCORD_API_URL: `${scheme}://discord.test/api`,
        NODE_EXTRA_CA_CERTS: certificatePath,
        ...env,
      });
      bridges.push(bridge);
      return bridge;
    },
    telegram,
    discord,
    /** Asks on both platforms, and once more after the gateway's connection was lost. */
    async talk() {
      coze.answer(({ text }) => ({ steps: [{ say: ['You', ' said ', text], everyMs: 20 }] }));
      const chat = telegram.privateChat();
      const dm = discord.dm();
      chat.say('apples');
      dm.say('pears');
      await telegram.until(() => shownBy(telegram, chat.id).includes('You said apples'), 15_000);
      const inDm = () => discord.shown(dm.id).map(({ content }) => content);
      await discord.until(() => inDm().includes('You said pears'), 15_000);
      const before = discord.gateway.connections.length;
      discord.gateway.reconnect();
      await discord.until(() => discord.gateway.connections.length > before, 15_000);
      dm.say('plums');
      await discord.until(() => inDm().includes('You said plums'), 15_000);
    },
  };
}

const shownBy = (telegram: Awaited<ReturnType<typeof startTelegramEmulator>>, id: number) =>
  telegram.shown(id).map(({ text }) => text);

const portOf = (url: string) => Number(new URL(url).port);

async function frontOf(port: number, name?: string): Promise<number> {
  const front = await startTlsFront(port, name);
  onTestFinished(() => front.close());
  return front.port;
}

const readyLine = (bridge: BridgeProcess) =>
  bridge
    .log()
    .split('\n')
    .filter((line) => line.includes('"msg":"ready"'))
    .map((line) => JSON.parse(line))[0];

describe('HTTPS_PROXY alone brings every leg through,', () => {
  test.each([
    ['http', 'https'],
    ['https', 'https'],
    ['socks5', 'https'],
    ['http', 'http'],
    ['socks5h', 'http'],
  ] as const)('a proxy of %s to servers of %s', async (kind, scheme) => {
    const stand = await createFarStand(scheme);
    const proxy = await stand.proxy(kind, { user: 'me', password: 'TopSecret@1' });
    const bridge = stand.launch({ HTTPS_PROXY: proxy.url, LOG_LEVEL: 'trace' });
    await bridge.ready();
    await stand.talk();
    expect([...new Set(proxy.targets)].sort()).toEqual(stand.everywhere.sort());
    const through = `127.0.0.1:${proxy.port}`;
    expect(readyLine(bridge).proxies).toEqual({ coze: through, telegram: through, discord: through });
    expect(bridge.log()).not.toMatch(/TopSecret/);
  });
});

test('each leg has a variable of its own, which comes first', async () => {
  const stand = await createFarStand('http');
  const toCoze = await stand.proxy('http');
  const toTelegram = await stand.proxy('socks5');
  const toDiscord = await stand.proxy('http');
  const general = await stand.proxy('http');
  const bridge = stand.launch({
    HTTPS_PROXY: general.url,
    COZE_PROXY: toCoze.url,
    TELEGRAM_PROXY: toTelegram.url,
    DISCORD_PROXY: toDiscord.url,
  });
  await bridge.ready();
  await stand.talk();
  expect(new Set(toCoze.targets)).toEqual(new Set(['coze.test:80']));
  expect(new Set(toTelegram.targets)).toEqual(new Set(['telegram.test:80']));
  expect(new Set(toDiscord.targets)).toEqual(new Set(['discord.test:80']));
  expect(general.connections()).toBe(0);
});

test('a proxy that fails is named in the log for each leg; work goes on once it does, and nobody crashes', async () => {
  const stand = await createFarStand('https');
  const platforms = await stand.proxy('http', { user: 'me', password: 'TopSecret@1' });
  const toCoze = await stand.proxy('socks5', { user: 'me', password: 'TopSecret@1' });
  platforms.manner = 'deny';
  toCoze.manner = 'deny';
  const bridge = stand.launch({ HTTPS_PROXY: platforms.url, COZE_PROXY: toCoze.url });
  const isTold = (leg: string, host: string) =>
    new RegExp(`"${leg} cannot be reached`).test(bridge.log()) &&
    bridge.log().includes(`connection to ${host}.test:443`);
  await bridge.until(() => isTold('Telegram', 'telegram') && isTold('Discord', 'discord'));
  platforms.manner = 'serve';
  await bridge.ready();
  const chat = stand.telegram.privateChat();
  chat.say('apples');
  await bridge.until(() => bridge.log().includes('gives no connection to coze.test:443 (HostUnreachable)'));
  toCoze.manner = 'serve';
  await stand.talk();
  expect(bridge.log()).not.toMatch(/TopSecret|crashed/);
});

test('a leg that is exempt or switched off goes straight on, and so does the demo', async () => {
  const stand = await createFarStand('http');
  const proxy = await stand.proxy('http');
  const bridge = stand.launch({
    HTTPS_PROXY: proxy.url,
    NO_PROXY: '127.0.0.1',
    TELEGRAM_API_ROOT: stand.telegram.url,
    DISCORD_PROXY: 'off',
    DISCORD_API_URL: `http://127.0.0.1:${stand.discord.port}/api`,
  });
  await bridge.until(() => stand.discord.calls.length > 0 && stand.telegram.calls.length > 0);
  expect(proxy.connections()).toBe(0);
  await bridge.stop('SIGKILL');
  const demo = createLaunchpad();
  onTestFinished(() => demo.clear());
  const shown = demo.launch({ HTTPS_PROXY: proxy.url });
  shown.write('hello\n');
  shown.endInput();
  expect(await shown.ended()).toBe(0);
  expect(shown.said()).toMatch(/^You said: hello/);
  expect(proxy.connections()).toBe(0);
});

test('a server that is called by its IP address is met by that', async () => {
  const coze = await startCozeEmulator({ tokens: [cozeToken] });
  onTestFinished(() => coze.close());
  const proxy = await openProxy({
    kind: 'https',
    names: { '127.0.0.1:443': await frontOf(portOf(coze.url)) },
  });
  const launchpad = createLaunchpad();
  onTestFinished(() => launchpad.clear());
  const bridge = launchpad.launch({
    COZE_API_TOKEN: cozeToken,
    COZE_BOT_ID: '7300000000000000001',
    COZE_BASE_URL: 'https://127.0.0.1',
    NODE_EXTRA_CA_CERTS: certificatePath,
    COZE_PROXY: proxy.url,
  });
  bridge.write('hello\n');
  bridge.endInput();
  expect(await bridge.ended()).toBe(0);
  expect(bridge.said()).toMatch(/^You said: hello/);
});

test.runIf(redisServer.available)('gateway and worker each go through their own', async () => {
  const redis = await startRedisServer();
  onTestFinished(() => redis.remove());
  const stand = await createFarStand('https');
  const ofGateway = await stand.proxy('socks5');
  const ofWorker = await stand.proxy('http');
  const gateway = { ROLE: 'gateway', REDIS_URL: redis.url, HTTPS_PROXY: ofGateway.url };
  const worker = { ROLE: 'worker', REDIS_URL: redis.url, HTTPS_PROXY: ofWorker.url };
  await Promise.all([stand.launch(gateway).ready(), stand.launch(worker).ready()]);
  await stand.talk();
  expect(new Set(ofGateway.targets)).toEqual(new Set(['discord.test:443', 'telegram.test:443']));
  expect(new Set(ofWorker.targets)).toEqual(new Set(stand.everywhere));
});

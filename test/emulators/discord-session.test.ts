import type { SimpleIdentifyThrottler } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { listen, startClient, startDiscord } from './discord-client.ts';
import { closeCodeOf, identity, openLine } from './discord-line.ts';

describe('the line and the session', () => {
  test('a dropped line is resumed, and nothing that happened meanwhile is lost or comes twice', async () => {
    const { emulator } = await startDiscord();
    const channel = emulator.guild().channel();
    const heard = listen(await startClient(emulator));
    channel.say(`${emulator.mention} 1`);
    await emulator.until(() => heard.length === 1);
    emulator.gateway.drop();
    for (const number of [2, 3, 4]) channel.say(`${emulator.mention} ${number}`);
    await emulator.until(() => heard.length === 4);
    expect(heard.map(({ content }) => content.at(-1))).toEqual(['1', '2', '3', '4']);
    expect(opsOf(emulator)).toEqual([
      ['/', 2],
      ['/resume', 6],
    ]);
  });

  test('asked to reconnect, the client comes back on the resume address', async () => {
    const { emulator } = await startDiscord();
    const channel = emulator.guild().channel();
    const heard = listen(await startClient(emulator));
    emulator.gateway.reconnect();
    channel.say(`${emulator.mention} still there?`);
    await emulator.until(() => heard.length === 1 && opsOf(emulator).length === 2);
    expect(opsOf(emulator).at(-1)).toEqual(['/resume', 6]);
    expect(emulator.gateway.connections[0]?.closeCode).toBe(4200);
  });

  test('an invalid session that can be resumed is resumed', async () => {
    const { emulator } = await startDiscord();
    const channel = emulator.guild().channel();
    const heard = listen(await startClient(emulator));
    emulator.gateway.invalidate({ resumable: true });
    channel.say(`${emulator.mention} again`);
    await emulator.until(() => heard.length === 1);
    const ops = emulator.gateway.connections.flatMap(({ received }) => received.map(({ op }) => op));
    expect(ops.filter((op) => op !== 1)).toEqual([2, 6]);
  });

  test('after an invalid session the client identifies anew, and what happened meanwhile is lost', async () => {
    const { emulator } = await startDiscord();
    const channel = emulator.guild().channel();
    const client = await startClient(emulator, { ws: { buildIdentifyThrottler: unhurried } });
    const heard = listen(client);
    emulator.gateway.invalidate();
    channel.say(`${emulator.mention} lost`);
    await emulator.until(() => opsOf(emulator).length === 2 && emulator.gateway.online() === 1);
    channel.say(`${emulator.mention} heard`);
    await emulator.until(() => heard.length > 0);
    expect(heard).toMatchObject([{ content: `${emulator.mention} heard` }]);
    expect(opsOf(emulator).map(([, op]) => op)).toEqual([2, 2]);
  });

  test('heartbeats that are not answered make the client come back; a client without any is sent away', async () => {
    const { emulator } = await startDiscord({ gateway: { heartbeatIntervalMs: 100 } });
    emulator.guild();
    await startClient(emulator);
    emulator.gateway.acknowledge(false);
    await emulator.until(() => emulator.gateway.connections.length > 1);
    expect(await closeCodeOf(emulator.url, [{ op: 2, d: identity(emulator.token) }])).toBe(4000);
  });

  test('an IDENTIFY and a RESUME may be left without an answer, and heartbeats be answered', async () => {
    const { emulator } = await startDiscord();
    const first = await openLine(emulator.url, [{ op: 2, d: identity(emulator.token) }]);
    const { d, s: seq } = await first.next('READY');
    first.socket.terminate();
    emulator.gateway.welcome(false);
    const { session_id } = d as { session_id: string };
    const begin = [
      { op: 2, d: identity(emulator.token) },
      { op: 6, d: { token: emulator.token, session_id, seq } },
    ];
    for (const asked of begin) {
      const line = await openLine(emulator.url, [asked, { op: 1, d: null }]);
      expect((await line.next()).op).toBe(11);
      line.socket.terminate();
    }
    emulator.gateway.welcome(true);
    const last = await openLine(emulator.url, begin.slice(1));
    expect((await last.next()).t).toBe('RESUMED');
  });

  test('it may leave out what others than Discord leave out, and tell what cannot be', async () => {
    const lacks = ['user', 'application', 'GUILD_CREATE', 'shards', 'session_start_limit'] as const;
    const { emulator, rest } = await startDiscord({ gateway: { lacks } });
    emulator.guild();
    expect(await rest.get('/gateway/bot')).toEqual({ url: emulator.url.replace('http', 'ws') });
    const line = await openLine(emulator.url, [{ op: 2, d: identity(emulator.token) }]);
    const { d } = await line.next('READY');
    expect(d).toMatchObject({ guilds: [{ unavailable: true }] });
    for (const lack of lacks) expect(d).not.toHaveProperty(lack);
    emulator.gateway.tell('GUILD_CREATE', null);
    expect(await line.next()).toMatchObject({ op: 0, t: 'GUILD_CREATE', d: null });
  });

  test('a session cannot be resumed by another token, past its end, or when it is too old', async () => {
    let now = Date.now();
    const { emulator } = await startDiscord({ now: () => now });
    const other = emulator.addBot();
    const first = await openLine(emulator.url, [{ op: 2, d: identity(emulator.token) }]);
    const ready = await first.next('READY');
    const { session_id } = ready.d as { session_id: string };
    const resume = (token = emulator.token, seq = ready.s) => [{ op: 6, d: { token, session_id, seq } }];
    first.socket.terminate();
    await emulator.until(() => emulator.gateway.online() === 0);
    const answered = async (frames: object[]) => (await (await openLine(emulator.url, frames)).next()).op;
    expect(await answered(resume(other.token))).toBe(9);
    expect(await closeCodeOf(emulator.url, resume(emulator.token, 999))).toBe(4007);
    const second = await openLine(emulator.url, resume());
    expect((await second.next()).t).toBe('RESUMED');
    second.socket.terminate();
    await emulator.until(() => emulator.gateway.connections.at(-1)?.closeCode !== undefined);
    now += 170_000;
    const third = await openLine(emulator.url, resume());
    expect((await third.next()).t).toBe('RESUMED');
    third.socket.close(4001);
    await third.closed;
    now += 181_000;
    expect(await answered(resume())).toBe(9);
  });

  test('a client that closes with 1000 ends its session, with another code it does not', async () => {
    const { emulator } = await startDiscord();
    const resumedAfter = async (code: number) => {
      const line = await openLine(emulator.url, [{ op: 2, d: identity(emulator.token) }]);
      const ready = await line.next('READY');
      line.socket.close(code);
      await line.closed;
      const { session_id } = ready.d as { session_id: string };
      const resume = { op: 6, d: { token: emulator.token, session_id, seq: ready.s } };
      return (await (await openLine(emulator.url, [resume])).next()).t === 'RESUMED';
    };
    expect(await resumedAfter(1000)).toBe(false);
    expect(await resumedAfter(4200)).toBe(true);
  });

  test('protocol errors have their close codes', async () => {
    const { emulator } = await startDiscord({ gateway: { eventsPerMinute: 3 } });
    const { url } = emulator;
    const identify = { op: 2, d: identity(emulator.token) };
    expect(await closeCodeOf(url, [{ op: 3, d: {} }])).toBe(4003);
    expect(await closeCodeOf(url, [{ op: 77 }])).toBe(4001);
    expect(await closeCodeOf(url, ['no json'])).toBe(4002);
    expect(await closeCodeOf(url, [identify, identify])).toBe(4005);
    expect(await closeCodeOf(url, Array(4).fill({ op: 1, d: null }))).toBe(4008);
    expect(await closeCodeOf(url, [], '?v=6&encoding=json')).toBe(4012);
  });

  test('two IDENTIFYs of one bot within 5 seconds are one too many', async () => {
    let now = Date.now();
    const { emulator, rest } = await startDiscord({ rateLimits: {}, now: () => now });
    const identify = async () =>
      (await (await openLine(emulator.url, [{ op: 2, d: identity(emulator.token) }])).next()).op;
    expect(await identify()).toBe(0);
    expect(await identify()).toBe(9);
    now += 5000;
    expect(await identify()).toBe(0);
    expect(await rest.get('/gateway/bot')).toMatchObject({
      url: emulator.url.replace('http', 'ws'),
      shards: 1,
      session_start_limit: { total: 1000, remaining: 998, max_concurrency: 1 },
    });
  });

  test('with shards a guild is on its own one, and DMs are on the first', async () => {
    const { emulator } = await startDiscord();
    const guild = emulator.guild();
    const channel = guild.channel();
    const dm = emulator.dm();
    const home = Number((BigInt(guild.id) >> 22n) % 2n);
    const shards = await Promise.all(
      [0, 1].map(async (id) => {
        const line = await openLine(emulator.url, [
          { op: 2, d: { ...identity(emulator.token), shard: [id, 2] } },
        ]);
        const ready = await line.next('READY');
        expect((ready.d as { guilds: unknown[] }).guilds).toHaveLength(id === home ? 1 : 0);
        return line;
      }),
    );
    channel.say('to its home');
    dm.say('to the first');
    const inGuild = await shards[home]?.next('MESSAGE_CREATE');
    expect(inGuild?.d).toMatchObject({ guild_id: guild.id });
    const inDm = await shards[0]?.next('MESSAGE_CREATE', { channel_id: dm.id });
    expect(inDm?.d).toMatchObject({ content: 'to the first' });
  });
});

const unhurried = () => ({ waitForIdentify: async () => {} }) as unknown as SimpleIdentifyThrottler;

type Emulator = Awaited<ReturnType<typeof startDiscord>>['emulator'];

/** How each connection began: its address, and its first frame that is no heartbeat. */
const opsOf = ({ gateway }: Emulator) =>
  gateway.connections.flatMap(({ path, received }) => {
    const first = received.find(({ op }) => op !== 1);
    return first === undefined ? [] : [[path, first.op] as const];
  });

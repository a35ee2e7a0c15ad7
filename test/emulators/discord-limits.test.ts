import { type APIMessage, type RateLimitError, Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { frozenClock, inChannel, refused, restOf, startDiscord } from './discord-client.ts';

/** Calls as they are, since discord.js waits out what a test wants to see. */
async function limited(rateLimits: object = {}) {
  const clock = frozenClock();
  const { emulator } = await startDiscord({ now: clock.now, rateLimits });
  const channel = emulator.guild().channel();
  async function call(method: string, path: string, body?: object, token = emulator.token) {
    const answer = await fetch(`${emulator.url}/api/v10${path}`, {
      method,
      headers: { authorization: `Bot ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text && JSON.parse(text) };
  }
  const create = (id = channel.id) => call('POST', Routes.channelMessages(id), { content: 'x' });
  return { clock, emulator, channel, call, create };
}

const told = (headers: Headers, ...names: string[]) =>
  names.map((name) => headers.get(`x-ratelimit-${name}`));

describe('rate limits', () => {
  test('creates and edits of one channel share 5 in 5 seconds, and every answer says how many are left', async () => {
    const { clock, emulator, channel, call, create } = await limited();
    const first = await create();
    expect(told(first.headers, 'limit', 'remaining', 'reset-after', 'reset', 'scope')).toEqual([
      '5',
      '4',
      '5.000',
      ((clock.now() + 5000) / 1000).toFixed(3),
      null,
    ]);
    const edit = () => call('PATCH', Routes.channelMessage(channel.id, first.body.id), { content: 'y' });
    for (const _ of [1, 2, 3]) expect((await edit()).status).toBe(200);
    clock.advance(1500);
    const last = await create();
    expect(told(last.headers, 'remaining', 'reset-after')).toEqual(['0', '3.500']);
    const over = await edit();
    expect(over.status).toBe(429);
    expect(over.body).toEqual({ message: 'You are being rate limited.', retry_after: 3.5, global: false });
    expect(over.headers.get('retry-after')).toBe('4');
    expect(told(over.headers, 'scope', 'global')).toEqual(['user', null]);
    expect(over.headers.get('x-ratelimit-bucket')).toBe(first.headers.get('x-ratelimit-bucket'));
    expect((await create(emulator.guild().channel().id)).status).toBe(200);
    expect(emulator.calls.map(({ duringPenalty }) => duringPenalty)).not.toContain(true);
    await edit();
    expect(emulator.calls.at(-1)?.duringPenalty).toBe(true);
    clock.advance(4000);
    expect((await edit()).status).toBe(200);
    expect(emulator.calls.at(-1)?.duringPenalty).toBe(false);
  });

  test('typing, deletions and reads have limits of their own', async () => {
    const { channel, call, create } = await limited();
    const { body } = await create();
    for (const _ of [1, 2, 3, 4]) await create();
    expect((await create()).status).toBe(429);
    const typing = () => call('POST', Routes.channelTyping(channel.id));
    for (const _ of [1, 2, 3, 4, 5]) expect((await typing()).status).toBe(204);
    expect((await typing()).status).toBe(429);
    expect((await call('GET', Routes.channelMessages(channel.id))).status).toBe(200);
    expect((await call('DELETE', Routes.channelMessage(channel.id, body.id))).status).toBe(204);
  });

  test('each interaction has a limit of its own, and none of them is the channel or the global one', async () => {
    const { emulator, channel, call, create } = await limited({ global: { calls: 6, seconds: 1 } });
    const application = emulator.bot.user.id;
    await call('PUT', Routes.applicationCommands(application), [{ name: 'a', description: 'b' }]);
    for (const _ of [1, 2, 3, 4, 5]) await create();
    const [one, other] = [channel.run('a'), channel.run('a')];
    const edit = (token: string) =>
      call('PATCH', Routes.webhookMessage(application, token, '@original'), { content: 'x' });
    for (const { id, token } of [one, other]) {
      const callback = await call('POST', Routes.interactionCallback(id, token), { type: 5 });
      expect(callback.status).toBe(204);
      expect(told(callback.headers, 'limit')).toEqual([null]);
    }
    for (const _ of [1, 2, 3, 4, 5]) expect((await edit(one.token)).status).toBe(200);
    expect((await edit(one.token)).status).toBe(429);
    expect((await edit(other.token)).status).toBe(200);
    const global = await call('GET', Routes.user());
    expect(global.body).toMatchObject({ global: true });
    expect(told(global.headers, 'global', 'scope')).toEqual(['true', 'global']);
    expect((await call('GET', Routes.user(), undefined, emulator.addBot().token)).status).toBe(200);
  });

  test('discord.js reads the headers and waits by itself, without a 429', async () => {
    const { emulator } = await startDiscord({ rateLimits: { messages: { calls: 2, seconds: 0.2 } } });
    const { id } = emulator.guild().channel();
    const rest = restOf(emulator, { offset: 5 });
    const contents = ['1', '2', '3', '4', '5'];
    const sending = contents.map((content) => rest.post(Routes.channelMessages(id), { body: { content } }));
    await Promise.all(sending);
    expect(emulator.shown(id).map(({ content }) => content)).toEqual(contents);
    expect(emulator.calls.map(({ reply }) => reply?.status)).toEqual([200, 200, 200, 200, 200]);
    const strict = restOf(emulator, { rejectOnRateLimit: () => true });
    const send = () => strict.post(Routes.channelMessages(id), { body: { content: 'x' } });
    const error = await Promise.all([send(), send(), send()]).catch((reason: RateLimitError) => reason);
    expect(error).toMatchObject({ limit: 2, scope: 'user', majorParameter: id });
  });

  test('after too many invalid calls a page is all there is', async () => {
    const { emulator, call, channel } = await limited({ invalid: { calls: 3, seconds: 600 } });
    emulator.fault({ kind: 'limit', retryAfter: 1, scope: 'shared' });
    expect((await call('GET', Routes.user())).headers.get('x-ratelimit-scope')).toBe('shared');
    expect(emulator.invalidCalls()).toBe(0);
    for (const _ of [1, 2, 3]) await call('GET', Routes.user(), undefined, 'wrong');
    expect(emulator.invalidCalls()).toBe(3);
    const banned = await fetch(`${emulator.url}/api/v10${Routes.channel(channel.id)}`);
    expect(banned.status).toBe(429);
    expect(banned.headers.get('content-type')).toBe('text/html');
  });

  test('a penalty, where asked for, is waited out in silence or doubles', async () => {
    const { clock, create } = await limited({ messages: { calls: 2, seconds: 5, penaltySeconds: 10 } });
    for (const _ of [1, 2]) expect((await create()).status).toBe(200);
    const over = await create();
    expect(over.body).toEqual({ message: 'You are being rate limited.', retry_after: 10, global: false });
    expect(told(over.headers, 'limit', 'remaining', 'reset-after', 'scope')).toEqual([
      '2',
      '0',
      '10.000',
      'user',
    ]);
    clock.advance(9_000);
    expect((await create()).body).toMatchObject({ retry_after: 20 });
    clock.advance(19_999);
    expect((await create()).body).toMatchObject({ retry_after: 40 });
    clock.advance(40_000);
    expect((await create()).status).toBe(200);
    expect((await create()).status).toBe(200);
    expect((await create()).body).toMatchObject({ retry_after: 10 });
  });

  test('a refused call counts and tells of its limit as well', async () => {
    const { call, channel } = await limited();
    const empty = await call('POST', Routes.channelMessages(channel.id), {});
    expect(empty.status).toBe(400);
    expect(told(empty.headers, 'limit', 'remaining')).toEqual(['5', '4']);
    expect(empty.headers.get('x-ratelimit-bucket')).toMatch(/^[0-9a-f]{32}$/);
  });

  test('they can be switched off', async () => {
    const { create, emulator } = await inChannel();
    for (let index = 0; index < 12; index++) await create({ content: String(index) });
    expect(emulator.calls.every(({ reply }) => reply?.status === 200)).toBe(true);
  });
});

describe('faults', () => {
  test('an error of any kind, so many times, for one route and channel', async () => {
    const { emulator, create, channel, rest } = await inChannel();
    const other = emulator.guild().channel();
    const route = '/channels/:channel/messages';
    emulator.fault({ kind: 'refuse', code: 50013, method: 'POST', route, channel: channel.id }, 2);
    const inOther = rest.post(Routes.channelMessages(other.id), { body: { content: 'x' } });
    expect(await refused(inOther)).toBe('accepted');
    expect(await refused(rest.get(Routes.channelMessages(channel.id)))).toBe('accepted');
    const results = [1, 2, 3].map(() => refused(create({ content: 'x' })));
    expect((await Promise.all(results)).sort()).toEqual([
      '403 50013 Missing Permissions',
      '403 50013 Missing Permissions',
      'accepted',
    ]);
    emulator.fault({ kind: 'refuse', code: 20016, retryAfter: 0.01 });
    await create({ content: 'waits, as discord.js does' });
    expect(emulator.calls.at(-2)?.reply).toEqual({
      status: 429,
      body: {
        message: 'This action cannot be performed due to slowmode rate limit.',
        code: 20016,
        retry_after: 0.01,
        global: false,
      },
    });
  });

  test('a broken server, a page and a reset are repeated by discord.js, which without a nonce makes a second message', async () => {
    const { emulator, channel } = await inChannel();
    const rest = restOf(emulator, { retries: 3 });
    const create = (body: object) => rest.post(Routes.channelMessages(channel.id), { body });
    emulator.fault({ kind: 'refuse', status: 500 });
    emulator.fault({ kind: 'page', status: 502 });
    await create({ content: 'a' });
    expect(emulator.calls.map(({ fault, reply }) => [fault, reply?.status])).toEqual([
      ['refuse', 500],
      ['page', 502],
      [undefined, 200],
    ]);
    emulator.fault({ kind: 'drop', landed: true, reset: true });
    await create({ content: 'b' });
    emulator.fault({ kind: 'drop', landed: true, reset: true });
    await create({ content: 'c', nonce: 'c', enforce_nonce: true });
    emulator.fault({ kind: 'drop', landed: false, reset: true });
    await create({ content: 'd' });
    const contents = () => emulator.shown(channel.id).map(({ content }) => content);
    expect(contents()).toEqual(['a', 'b', 'b', 'c', 'd']);
    emulator.fault({ kind: 'drop', landed: true });
    await expect(create({ content: 'e' })).rejects.toThrow('other side closed');
    expect(contents().at(-1)).toBe('e');
  });

  test('an answer that never comes, or comes late', async () => {
    const { emulator, channel, create } = await inChannel();
    const rest = restOf(emulator, { timeout: 50 });
    emulator.fault({ kind: 'hang' });
    const hanging = rest.post(Routes.channelMessages(channel.id), { body: { content: 'x' } });
    await expect(hanging).rejects.toThrow('aborted');
    expect(emulator.shown(channel.id)).toEqual([]);
    emulator.fault({ kind: 'delay', ms: 20 });
    expect(((await create({ content: 'late' })) as APIMessage).content).toBe('late');
  });
});

describe('control over HTTP', () => {
  test('another process can make channels, talk, look, and disturb', async () => {
    const { emulator, rest } = await startDiscord();
    const ask = async (path: string, body?: object) => {
      const url = `${emulator.url}/_emulator/${path}`;
      const init = body && { method: 'POST', body: JSON.stringify(body) };
      return (await fetch(url, init)).json() as Promise<{ result: { [name: string]: unknown } }>;
    };
    const made = await ask('channels', { type: 'guild', channels: ['books'] });
    const [{ id }] = made.result.channels as [{ id: string }];
    const { result: said } = await ask('say', { channel: id, text: 'hello' });
    expect(await rest.get(Routes.channelMessage(id, String(said.id)))).toMatchObject({
      author: { bot: false },
    });
    await rest.post(Routes.channelMessages(id), { body: { content: '@everyone' } });
    expect((await ask(`shown?channel=${id}`)).result).toMatchObject([{ content: '@everyone' }]);
    expect((await ask('pings')).result).toMatchObject([{ everyone: true }]);
    await ask('fault', { kind: 'refuse', code: 50001, times: 2 });
    expect(await refused(rest.get(Routes.user()))).toMatch('50001');
    expect(await refused(rest.get(Routes.user()))).toMatch('50001');
    expect(await refused(rest.get(Routes.user()))).toBe('accepted');
    expect((await ask('calls')).result).toHaveLength(emulator.calls.length);
    expect(await ask('nonsense')).toMatchObject({ message: expect.stringContaining('the emulator has: ') });
    expect(await ask('say', { channel: id })).toMatchObject({ message: expect.stringContaining('text') });
  });
});

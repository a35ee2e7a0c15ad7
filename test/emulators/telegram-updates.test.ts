import { Api, Bot } from 'grammy';
import type { Update } from 'grammy/types';
import { describe, expect, onTestFinished, test } from 'vitest';
import { frozenClock, refused, startBot } from './telegram-bot.ts';

const texts = (updates: readonly Update[]) => updates.map(({ message }) => message?.text);
const conflict =
  '409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running';

describe('getUpdates', () => {
  test('gives updates again until the next offset confirms them', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ now: clock.now });
    const chat = emulator.privateChat();
    for (const text of ['a', 'b', 'c']) chat.say(text);
    const first = await api.getUpdates({ limit: 2 });
    expect(texts(first)).toEqual(['a', 'b']);
    clock.advance(5000);
    expect(texts(await api.getUpdates())).toEqual(['a', 'b', 'c']);
    const offset = (first[0]?.update_id ?? 0) + 1;
    expect(first[1]?.update_id).toBe(offset);
    expect(texts(await api.getUpdates({ offset }))).toEqual(['b', 'c']);
    expect((await api.getWebhookInfo()).pending_update_count).toBe(2);
    expect(texts(await api.getUpdates({ offset: -1 }))).toEqual(['c']);
    clock.advance(5000);
    expect(texts(await api.getUpdates())).toEqual(['c']);
  });

  test('gives at most 100', async () => {
    const { emulator, api } = await startBot();
    const chat = emulator.privateChat();
    for (let index = 0; index < 101; index++) chat.say('x');
    expect(await api.getUpdates({ limit: 1000 })).toHaveLength(100);
  });

  test('waits for something to come, for as long as asked', async () => {
    const { emulator, api } = await startBot({ pollSecondMs: 50 });
    const chat = emulator.privateChat();
    expect(await api.getUpdates({ timeout: 1 })).toEqual([]);
    const polling = new Api(emulator.token, { apiRoot: emulator.url }).getUpdates({ timeout: 50, offset: 1 });
    await emulator.until(() => emulator.calls.length === 2);
    chat.say('hi');
    expect(texts(await polling)).toEqual(['hi']);
  });

  test('slows down who asks for the same again: one update within 0.5 s, a wait of 3 s within 3 s', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ now: clock.now, pollSecondMs: 1 });
    const chat = emulator.privateChat();
    for (const text of ['a', 'b']) chat.say(text);
    expect(await api.getUpdates()).toHaveLength(2);
    clock.advance(499);
    expect(await api.getUpdates()).toHaveLength(1);
    clock.advance(501);
    expect(await api.getUpdates()).toHaveLength(2);
    const offset = ((await api.getUpdates({ offset: -1 }))[0]?.update_id ?? 0) + 1;
    const slow = await startBot({ now: clock.now, pollSecondMs: 300 });
    expect(await slow.api.getUpdates({ offset })).toEqual([]);
    const waiting = slow.api.getUpdates({ offset });
    await slow.emulator.until(() => slow.emulator.calls.length === 2);
    slow.emulator.privateChat().say('in time');
    expect(texts(await waiting)).toEqual(['in time']);
  });

  test('refuses the first of two pollers, and everybody while a webhook is set', async () => {
    const { emulator, api } = await startBot({ pollSecondMs: 1000 });
    const first = refused(api.getUpdates({ timeout: 50, offset: 1 }));
    await emulator.until(() => emulator.calls.length === 1);
    expect(await api.getUpdates({ offset: 2 })).toEqual([]);
    expect(await first).toBe(conflict);
    await api.setWebhook('https://bridge.test/hook', { secret_token: 'a-b_c', max_connections: 10 });
    expect(await api.getWebhookInfo()).toMatchObject({
      url: 'https://bridge.test/hook',
      max_connections: 10,
    });
    expect(await refused(api.getUpdates())).toBe(
      "409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
    await api.deleteWebhook();
    expect(await refused(api.getUpdates({ offset: 3 }))).toBe('accepted');
  });

  test('a webhook needs HTTPS, one of four ports and a plain secret', async () => {
    const clock = frozenClock();
    const { api } = await startBot({ now: clock.now });
    const set = (url: string, secret_token = '') => {
      clock.advance(1_000);
      return refused(api.setWebhook(url, { secret_token }));
    };
    expect(await set('https://a.test:8443/x', 's-1_A')).toBe('accepted');
    expect(await set('http://a.test/x')).toMatch('An HTTPS URL must be provided for webhook');
    expect(await set('https://a.test:9000/x')).toMatch('only on ports 80, 88, 443 or 8443');
    expect(await set('https://a.test', 'ä')).toMatch('secret token contains unallowed characters');
    expect(await set('https://a.test', 'a'.repeat(257))).toMatch('secret token is too long');
  });

  test('queues only the kinds that were asked for, from then on', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ now: clock.now });
    const chat = emulator.privateChat();
    await api.getUpdates({ allowed_updates: ['edited_message'], offset: 1 });
    const { message_id } = chat.say('a');
    chat.edit(message_id, 'b');
    clock.advance(5000);
    const [update, ...more] = await api.getUpdates({ offset: 2 });
    expect(update?.edited_message).toMatchObject({ text: 'b', edit_date: expect.any(Number) });
    expect(more).toEqual([]);
  });

  test('keeps updates for a day', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ now: clock.now });
    emulator.privateChat().say('old');
    clock.advance(23 * 3_600_000);
    expect(await api.getUpdates()).toHaveLength(1);
    clock.advance(2 * 3_600_000);
    expect(await api.getUpdates()).toHaveLength(0);
  });
});

describe('privacy mode', () => {
  test('hands over commands, replies, mentions and service messages, and nothing else', async () => {
    const { emulator, api } = await startBot({ username: 'this_bot' });
    const group = emulator.group();
    const { message_id } = await api.sendMessage(group.id, 'I am here');
    group.say('just talk');
    group.say('/reset@this_bot');
    group.say('/reset@other_bot');
    group.say('/start');
    group.say('hey @This_Bot');
    group.say('hey @another');
    const talk = group.say('more talk');
    group.say('to you', { replyTo: message_id });
    group.say('to a person', { replyTo: talk.message_id });
    group.send('photo', { caption: 'look @this_bot' });
    group.send('photo', { caption: 'look' });
    group.say('oh Emulated', { mention: emulator.bot.user });
    group.join(emulator.person());
    const seen = (await api.getUpdates()).map(
      ({ message }) => message?.text ?? message?.caption ?? 'service',
    );
    expect(seen).toEqual([
      '/reset@this_bot',
      '/start',
      'hey @This_Bot',
      'to you',
      'look @this_bot',
      'oh Emulated',
      'service',
    ]);
  });

  test('switched off, or for an administrator, everything is handed over', async () => {
    const open = await startBot({ privacy: false });
    expect(await open.api.getMe()).toMatchObject({ can_read_all_group_messages: true });
    open.emulator.group().say('just talk');
    expect(texts(await open.api.getUpdates())).toEqual(['just talk']);
    const { emulator, api } = await startBot();
    expect(await api.getMe()).toMatchObject({ can_read_all_group_messages: false });
    const group = emulator.group();
    group.say('unheard');
    group.promoteBot();
    group.say('heard');
    emulator.group({ privacy: false }).say('heard too');
    expect(texts(await api.getUpdates())).toEqual([undefined, 'heard', 'heard too']);
  });
});

test('a Bot of grammY answers people by long polling, and loses nothing when it restarts', async () => {
  const { emulator } = await startBot({ pollSecondMs: 50 });
  const chat = emulator.privateChat(emulator.person({ name: 'Ada', locale: 'de' }));
  const start = () => {
    const bot = new Bot(emulator.token, { client: { apiRoot: emulator.url } });
    bot.on('message:text', (context) => context.reply(`you said ${context.message.text}`));
    const running = bot.start();
    onTestFinished(() => bot.stop());
    return { bot, running };
  };
  const first = start();
  chat.say('one');
  await emulator.until(() => emulator.shown(chat.id).length === 1);
  await first.bot.stop();
  await first.running;
  chat.say('two');
  start();
  await emulator.until(() => emulator.shown(chat.id).length === 2);
  expect(emulator.shown(chat.id).map(({ text }) => text)).toEqual(['you said one', 'you said two']);
});

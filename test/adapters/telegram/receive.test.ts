import { Api } from 'grammy';
import { afterEach, describe, expect, test } from 'vitest';
import { startTelegramEmulator } from '../../../emulators/telegram/emulator.ts';
import { checkAndStop, startListening } from './listening.ts';

afterEach(checkAndStop);

const texts = (heard: readonly { text: string }[]) => heard.map(({ text }) => text);

describe('hearing', () => {
  test('what people write is delivered in order, and then confirmed', async () => {
    const { emulator, heard, log } = await startListening();
    const chat = emulator.privateChat();
    for (const text of ['one', 'two', 'three']) chat.say(text);
    await emulator.until(() => heard.length === 3 && emulator.bot.updates.pending() === 0);
    expect(texts(heard)).toEqual(['one', 'two', 'three']);
    expect(log.events()).toEqual([]);
  });

  test('what was written while nobody listened is heard', async () => {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    emulator.privateChat().say('early');
    const { heard, isReady } = await startListening({ emulator });
    await emulator.until(() => heard.length === 1 && isReady() && emulator.bot.updates.pending() === 0);
    expect(heard[0]).toMatchObject({ text: 'early', isMissed: true });
    emulator.privateChat().say('live');
    await emulator.until(() => heard.length === 2);
    expect(heard[1]).not.toHaveProperty('isMissed');
  });

  test('messages, edits and presses are asked for, and service messages are confirmed too', async () => {
    const { emulator, heard } = await startListening();
    const group = emulator.group();
    group.join(emulator.person());
    const { message_id } = group.say(`@${emulator.bot.user.username} hi`);
    group.edit(message_id, `@${emulator.bot.user.username} hi again`);
    await emulator.until(() => heard.length === 2 && emulator.bot.updates.pending() === 0);
    expect(texts(heard)).toEqual(['hi', 'hi again']);
    expect(heard[1]?.edits).toEqual({ id: heard[0]?.id, sentAt: heard[0]?.sentAt });
    expect(emulator.calls.find(({ method }) => method === 'getUpdates')?.params).toEqual({
      offset: 0,
      limit: 100,
      timeout: 30,
      allowed_updates: ['message', 'edited_message', 'callback_query', 'stopped_message_generation'],
    });
  });

  test('the menu of commands is there in English and in Chinese', async () => {
    const { emulator, isReady } = await startListening();
    await emulator.until(isReady);
    const api = new Api(emulator.token, { apiRoot: emulator.url });
    const names = ['start', 'help', 'reset', 'stop'];
    expect((await api.getMyCommands()).map(({ command }) => command)).toEqual(names);
    const chinese = await api.getMyCommands({ language_code: 'zh' });
    expect(chinese.map(({ command }) => command)).toEqual(names);
    expect(chinese[2]?.description).toContain('重新开始');
  });

  test('a menu that cannot be set keeps nobody from being heard', async () => {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    emulator.fault({
      kind: 'refuse',
      code: 400,
      description: 'Bad Request: BOT_COMMAND_INVALID',
      method: 'setMyCommands',
    });
    const { heard, log } = await startListening({ emulator });
    emulator.privateChat().say('hi');
    await emulator.until(() => heard.length === 1);
    expect(log.events()).toEqual(['warn: the menu of commands could not be set']);
  });
});

test('an album in a group is heard whole: what has no words is overheard', async () => {
  const emulator = await startTelegramEmulator({ pollSecondMs: 10, privacy: false });
  const { heard } = await startListening({ emulator });
  const group = emulator.group();
  const caption = `@${emulator.bot.user.username} which one?`;
  for (const words of [{ caption }, {}, {}]) group.send('photo', { mediaGroupId: '77', ...words });
  await emulator.until(() => heard.length === 3);
  expect(heard.map(({ addressed }) => addressed)).toEqual(['mention', 'overheard', 'overheard']);
  expect(new Set(heard.map(({ album }) => album))).toEqual(new Set([`${group.id}:77`]));
  expect(new Set(heard.map(({ id }) => id)).size).toBe(3);
});

describe('the store', () => {
  test('nothing is confirmed while a delivery is under way', async () => {
    let release = () => {};
    const deliver = () => new Promise<void>((resolve) => (release = resolve));
    const { emulator, heard } = await startListening({ deliver });
    emulator.privateChat().say('one');
    const polls = () => emulator.calls.filter(({ method }) => method === 'getUpdates').length;
    await emulator.until(() => polls() === 1 && emulator.calls.at(-1)?.reply !== undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(polls()).toBe(1);
    expect(emulator.bot.updates.pending()).toBe(1);
    release();
    await emulator.until(() => heard.length === 1 && emulator.bot.updates.pending() === 0);
  });

  test('while it is away nothing is confirmed; when it is back nothing is lost or out of order', async () => {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    const chat = emulator.privateChat();
    for (const text of ['one', 'two', 'three']) chat.say(text);
    let failures = 0;
    const pending: number[] = [];
    const deliver = async ({ text }: { text: string }) => {
      if (text !== 'two' || failures === 7) return;
      failures++;
      pending.push(emulator.bot.updates.pending());
      throw new Error('connect ECONNREFUSED');
    };
    const { heard, log, waitsMs } = await startListening({ emulator, deliver });
    await emulator.until(() => heard.length === 3);
    expect(texts(heard)).toEqual(['one', 'two', 'three']);
    expect(pending).toEqual(Array(7).fill(3));
    expect(waitsMs).toEqual([1_000, 2_000, 2_000, 2_000, 2_000, 2_000, 2_000]);
    expect(log.events()).toEqual([
      'error: a message could not be stored; trying again',
      'info: messages can be stored again',
    ]);
  });
});

describe('the end', () => {
  const within = (promise: Promise<void>) =>
    Promise.race([promise, new Promise<string>((resolve) => setTimeout(resolve, 1_500, 'too late'))]);

  test('comes at once in the middle of a poll', async () => {
    const { emulator, log, stop } = await startListening({ emulator: await startTelegramEmulator() });
    await emulator.until(() => emulator.calls.at(-1)?.method === 'getUpdates');
    expect(await within(stop())).toBeUndefined();
    expect(log.events()).toEqual([]);
  });

  test('comes at once in the middle of a wait', async () => {
    const emulator = await startTelegramEmulator();
    emulator.fault({ kind: 'refuse', code: 429, retryAfter: 3_600, method: 'getMe' });
    const { waitsMs, stop } = await startListening({ emulator });
    await emulator.until(() => waitsMs.length === 1);
    expect(await within(stop())).toBeUndefined();
  });

  test('comes at once in the middle of a delivery: what was delivered is confirmed, the rest comes again', async () => {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    const chat = emulator.privateChat();
    for (const text of ['one', 'two', 'three']) chat.say(text);
    let isStuck = false;
    const deliver = ({ text }: { text: string }) => {
      isStuck = text === 'two';
      return isStuck ? new Promise<void>(() => {}) : Promise.resolve();
    };
    const { heard, stop } = await startListening({ emulator, deliver });
    await emulator.until(() => isStuck);
    expect(await within(stop())).toBeUndefined();
    expect(texts(heard)).toEqual(['one']);
    expect(emulator.bot.updates.pending()).toBe(2);
    const next = await startListening({ emulator });
    await emulator.until(() => next.heard.length === 2);
    expect(texts(next.heard)).toEqual(['two', 'three']);
  });

  test('does not wait for a confirmation that never comes', async () => {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    emulator.privateChat().say('one');
    emulator.privateChat().say('two');
    const deliver = ({ text }: { text: string }) =>
      text === 'two' ? new Promise<void>(() => {}) : Promise.resolve();
    const { heard, stop } = await startListening({ emulator, deliver, limits: { leaveSeconds: 0.1 } });
    await emulator.until(() => heard.length === 1);
    emulator.fault({ kind: 'hang', method: 'getUpdates' });
    expect(await within(stop())).toBeUndefined();
  });

  test('before it has begun is the end', async () => {
    const { stop, isReady } = await startListening();
    await stop();
    expect(isReady()).toBe(false);
  });
});

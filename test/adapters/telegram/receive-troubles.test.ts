import { Api } from 'grammy';
import { afterEach, describe, expect, test } from 'vitest';
import { startTelegramEmulator } from '../../../emulators/telegram/emulator.ts';
import { checkAndStop, startListening } from './listening.ts';

afterEach(checkAndStop);

const texts = (heard: readonly { text: string }[]) => heard.map(({ text }) => text);
const unreachable = 'warn: Telegram cannot be reached; trying again';
const reached = 'info: Telegram is reached again';
const conflict =
  "error: another program polls Telegram with this bot's token: stop it, or make a bot of its own for each";

describe('when Telegram cannot be reached', () => {
  test('at the start, it waits until it can', async () => {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    emulator.fault({ kind: 'page', code: 502, method: 'getMe' });
    emulator.fault({ kind: 'drop', landed: false, method: 'getMe' });
    emulator.fault({ kind: 'refuse', code: 500, method: 'getMe' });
    const { isReady, log, waitsMs } = await startListening({ emulator });
    await emulator.until(isReady);
    expect(waitsMs).toEqual([1_000, 2_000, 4_000]);
    expect(log.events()).toEqual([unreachable, reached]);
  });

  test('later, it says so once, waits longer each time, and loses nothing', async () => {
    const { emulator, heard, log, waitsMs, isReady } = await startListening();
    await emulator.until(isReady);
    emulator.fault({ kind: 'drop', landed: true, method: 'getUpdates' }, 2);
    emulator.fault({ kind: 'page', code: 504, method: 'getUpdates' }, 4);
    const chat = emulator.privateChat();
    chat.say('one');
    await emulator.until(() => waitsMs.length === 3);
    chat.say('two');
    await emulator.until(() => heard.length === 2);
    expect(texts(heard)).toEqual(['one', 'two']);
    expect(waitsMs).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
    expect(log.events()).toEqual([unreachable, reached]);
  });

  test('it waits as long as Telegram asks', async () => {
    const { emulator, waitsMs, log } = await startListening();
    for (const times of [1, 2]) {
      emulator.fault({ kind: 'refuse', code: 429, retryAfter: 7, method: 'getUpdates' });
      await emulator.until(() => waitsMs.length === times);
      const { length } = emulator.calls;
      await emulator.until(() => emulator.calls.length > length + 1);
    }
    expect(waitsMs).toEqual([7_000, 7_000]);
    expect(log.events()).toEqual(Array(2).fill('info: Telegram asks to wait before it is called again'));
  });

  test('a poll that is never answered is given up and repeated', async () => {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    emulator.fault({ kind: 'hang', method: 'getUpdates' });
    emulator.privateChat().say('hi');
    const { heard, log } = await startListening({ emulator, limits: { pollSeconds: 0, graceSeconds: 0.2 } });
    await emulator.until(() => heard.length === 1);
    expect(log.events()).toEqual([unreachable, reached]);
  });
});

describe('a token that is not accepted', () => {
  const sentence = /^Telegram does not accept TELEGRAM_BOT_TOKEN: .*@BotFather/;

  test('at the start ends it, with what to do', async () => {
    const { ended, log } = await startListening({ token: '123456:AAWrongTokenWrongTokenWrongToken_000' });
    await expect(ended).rejects.toThrow(sentence);
    expect(log.events()).toEqual([]);
  });

  test('later ends it too', async () => {
    const { emulator, ended, isReady } = await startListening();
    await emulator.until(isReady);
    emulator.fault({ kind: 'refuse', code: 401, method: 'getUpdates' });
    await expect(ended).rejects.toThrow(sentence);
  });
});

describe('when something else uses the token', () => {
  test('another poller is told of once, and when it is gone all is heard', async () => {
    const { emulator, heard, log, waitsMs, isReady } = await startListening();
    await emulator.until(isReady);
    emulator.fault({ kind: 'refuse', code: 409, method: 'getUpdates' }, 3);
    await emulator.until(() => waitsMs.length === 3);
    emulator.privateChat().say('hi');
    await emulator.until(() => heard.length === 1 && log.events().length === 2);
    expect(log.events()).toEqual([conflict, 'info: no other program polls Telegram any more']);
  });

  test('a real second poller takes the poll away, and we take it back', async () => {
    const { emulator, log, isReady } = await startListening();
    await emulator.until(isReady);
    const other = new Api(emulator.token, { apiRoot: emulator.url });
    await Promise.allSettled([
      other.getUpdates({ timeout: 30 }),
      emulator.until(() => log.events().length === 2),
    ]);
    expect(log.events()[0]).toBe(conflict);
    expect(emulator.calls.some(({ reply }) => reply?.ok === false && reply.errorCode === 409)).toBe(true);
  });

  test('a webhook is removed, and what it left is heard', async () => {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    const api = new Api(emulator.token, { apiRoot: emulator.url });
    await api.setWebhook('https://example.com/hook');
    emulator.privateChat().say('hi');
    const { heard, log, waitsMs } = await startListening({ emulator });
    await emulator.until(() => heard.length === 1);
    expect(log.events()).toEqual([
      'warn: this bot has a webhook, which keeps it from being polled: it is removed',
    ]);
    expect(waitsMs).toEqual([]);
  });
});

import { createServer } from 'node:http';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { startTelegramEmulator, type TelegramEmulator } from '../../../../emulators/telegram/emulator.ts';
import { freePort } from '../../../support/free-port.ts';
import { checkAndStop, startAtWebhook, startListening } from '../listening.ts';

afterEach(checkAndStop);

const texts = (heard: readonly { text: string }[]) => heard.map(({ text }) => text);
const callsOf = ({ calls }: TelegramEmulator, name: string) => calls.filter(({ method }) => method === name);
const startTelegram = () => startTelegramEmulator({ local: true, webhookSecondMs: 20, pollSecondMs: 100 });

describe('at a webhook', () => {
  test('what waited and what people write is delivered in order, and Telegram keeps none of it', async () => {
    const emulator = await startTelegram();
    const chat = emulator.privateChat();
    chat.say('early');
    const { heard, isReady, log } = await startAtWebhook({ emulator });
    await emulator.until(isReady);
    for (const text of ['one', 'two', 'three']) chat.say(text);
    await emulator.until(() => heard.length === 4 && emulator.bot.updates.pending() === 0);
    expect(texts(heard)).toEqual(['early', 'one', 'two', 'three']);
    expect(callsOf(emulator, 'getUpdates')).toEqual([]);
    expect(log.events()).toEqual([]);
  });

  test('it is registered for messages and presses only, with a secret that the token cannot be told from', async () => {
    const { emulator, url, isReady } = await startAtWebhook();
    await emulator.until(isReady);
    const [registered] = callsOf(emulator, 'setWebhook');
    expect(registered?.params).toEqual({
      url,
      secret_token: expect.stringMatching(/^[\w-]{43}$/),
      allowed_updates: ['message', 'edited_message', 'callback_query', 'stopped_message_generation'],
      max_connections: 40,
      drop_pending_updates: false,
    });
    const again = await startAtWebhook({ token: emulator.addBot().token, emulator });
    await emulator.until(again.isReady);
    expect(callsOf(emulator, 'setWebhook')[1]?.params.secret_token).not.toBe(registered?.params.secret_token);
  });

  test('the secret may be set', async () => {
    const { emulator, heard } = await startAtWebhook({ webhook: { TELEGRAM_WEBHOOK_SECRET: 'My_own-1' } });
    emulator.privateChat().say('hi');
    await emulator.until(() => heard.length === 1);
    expect(callsOf(emulator, 'setWebhook')[0]?.params.secret_token).toBe('My_own-1');
  });

  test('nothing is confirmed while a delivery is under way; the chat waits, others go on', async () => {
    let release = () => {};
    const deliver = ({ text }: { text: string }) =>
      text === 'one' ? new Promise<void>((resolve) => (release = resolve)) : Promise.resolve();
    const { emulator, heard } = await startAtWebhook({ deliver, limits: { storeMs: 1_000_000 } });
    const chat = emulator.privateChat();
    for (const text of ['one', 'two']) chat.say(text);
    emulator.privateChat().say('elsewhere');
    await emulator.until(() => heard.length === 1 && emulator.bot.updates.pending() === 2);
    release();
    await emulator.until(() => heard.length === 3 && emulator.bot.updates.pending() === 0);
    expect(texts(heard)).toEqual(['elsewhere', 'one', 'two']);
  });

  test('while the store is away Telegram keeps all of it, and brings it in order when it is back', async () => {
    let isAway = true;
    const deliver = async () => {
      if (isAway) throw new Error('connect ECONNREFUSED');
    };
    const { emulator, heard, log } = await startAtWebhook({ deliver });
    const chat = emulator.privateChat();
    for (const text of ['one', 'two', 'three']) chat.say(text);
    await emulator.until(() => emulator.deliveries.length >= 4);
    expect(emulator.bot.updates.pending()).toBe(3);
    isAway = false;
    await emulator.until(() => heard.length === 3);
    expect(texts(heard)).toEqual(['one', 'two', 'three']);
    expect(log.events()).toEqual([
      'error: a message could not be stored; trying again',
      'info: messages can be stored again',
    ]);
  });

  test('a store that does not answer is not waited for as long as Telegram waits', async () => {
    let calls = 0;
    const deliver = () => {
      calls += 1;
      return calls === 1 ? new Promise<void>(() => {}) : Promise.resolve();
    };
    const { emulator, heard, waitsMs } = await startAtWebhook({ deliver });
    emulator.privateChat().say('hi');
    await emulator.until(() => heard.length === 1 && emulator.bot.updates.pending() === 0);
    expect(emulator.deliveries.map(({ status }) => status)).toEqual([503, 200]);
    expect(waitsMs).toContain(10_000);
  });

  test('without an address it is polled, and what was set of a webhook besides is told of', async () => {
    const { emulator, log } = await startListening({
      webhook: {
        TELEGRAM_WEBHOOK_PORT: 8_080,
        TELEGRAM_WEBHOOK_SECRET: 'x',
        // As in every container of ours.
        TELEGRAM_WEBHOOK_HOST: '0.0.0.0',
      },
    });
    await emulator.until(() => callsOf(emulator, 'getUpdates').length > 0);
    expect(log.events()).toEqual(['warn: odd setting', 'warn: odd setting']);
    expect(log.text()).toContain('TELEGRAM_WEBHOOK_PORT: ignored without TELEGRAM_WEBHOOK_URL');
  });
});

describe('registering', () => {
  test('waits until Telegram can be reached', async () => {
    const emulator = await startTelegram();
    emulator.fault({ kind: 'page', code: 502, method: 'setWebhook' });
    emulator.fault({ kind: 'drop', landed: false, method: 'setWebhook' });
    const { isReady, waitsMs } = await startAtWebhook({ emulator });
    await emulator.until(isReady);
    expect(waitsMs.slice(0, 2)).toEqual([1_000, 2_000]);
  });

  test('waits as long as Telegram asks', async () => {
    const emulator = await startTelegram();
    emulator.fault({ kind: 'refuse', code: 429, retryAfter: 7, method: 'setWebhook' });
    const { isReady, waitsMs } = await startAtWebhook({ emulator });
    await emulator.until(isReady);
    expect(waitsMs[0]).toBe(7_000);
  });

  test('an address that Telegram refuses ends it, with what to do', async () => {
    const emulator = await startTelegramEmulator();
    const { ended, isReady } = await startAtWebhook({ emulator });
    await expect(ended).rejects.toThrow(
      /^Telegram does not accept TELEGRAM_WEBHOOK_URL \(Bad Request: bad webhook: An HTTPS URL .*\): it must be an https address/,
    );
    expect(isReady()).toBe(false);
  });

  test('a token that is not accepted ends it', async () => {
    const emulator = await startTelegram();
    emulator.fault({ kind: 'refuse', code: 401, method: 'setWebhook' });
    const { ended, log } = await startAtWebhook({ emulator });
    await expect(ended).rejects.toThrow('TELEGRAM_BOT_TOKEN');
    expect(callsOf(emulator, 'deleteWebhook')).toEqual([]);
    expect(log.events()).toEqual([]);
  });

  test('a port that is taken ends it, with what to do, before anything is registered', async () => {
    const emulator = await startTelegram();
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    onTestFinished(() => void other.close());
    const { ended } = await startAtWebhook({ emulator, webhook: { TELEGRAM_WEBHOOK_PORT: port } });
    await expect(ended).rejects.toThrow(`TELEGRAM_WEBHOOK_PORT: another program has 127.0.0.1:${port}`);
    expect(callsOf(emulator, 'setWebhook')).toEqual([]);
  });

  test('so does a host that this machine has not', async () => {
    const emulator = await startTelegram();
    const { ended } = await startAtWebhook({ emulator, webhook: { TELEGRAM_WEBHOOK_HOST: '192.0.2.1' } });
    await expect(ended).rejects.toThrow('TELEGRAM_WEBHOOK_HOST: this machine has no address');
  });
});

describe('the end', () => {
  test('takes the webhook away, and keeps what comes after it', async () => {
    const { emulator, heard, stop, isReady, log } = await startAtWebhook();
    const chat = emulator.privateChat();
    await emulator.until(isReady);
    chat.say('before');
    await emulator.until(() => heard.length === 1);
    await stop();
    expect(emulator.bot.webhook).toBeUndefined();
    chat.say('after');
    expect(emulator.bot.updates.pending()).toBe(1);
    expect(log.events()).toEqual([]);
    const next = await startListening({ emulator });
    await emulator.until(() => next.heard.length === 1);
    expect(texts(next.heard)).toEqual(['after']);
  });

  test('lets what is under way end, and refuses what is new, before the webhook is taken away', async () => {
    let release: (() => void) | undefined;
    const deliver = () => new Promise<void>((resolve) => (release = resolve));
    const limits = { leaveSeconds: 1_000, storeMs: 1_000_000 };
    const { emulator, heard, stop } = await startAtWebhook({ deliver, limits });
    emulator.privateChat().say('slow');
    await emulator.until(() => release !== undefined);
    const stopped = stop();
    emulator.privateChat().say('new');
    await emulator.until(() => emulator.deliveries.some(({ status }) => status === 503));
    expect(emulator.bot.webhook).toBeDefined();
    release?.();
    await stopped;
    expect(texts(heard)).toEqual(['slow']);
    expect(emulator.deliveries[0]?.status).toBe(200);
    expect(emulator.bot.updates.pending()).toBe(1);
  });

  test('does not wait for a store that does not answer', async () => {
    let isAsked = false;
    const deliver = () => {
      isAsked = true;
      return new Promise<void>(() => {});
    };
    const { emulator, stop, waitsMs } = await startAtWebhook({ deliver, limits: { storeMs: 1_000_000 } });
    emulator.privateChat().say('hi');
    await emulator.until(() => isAsked);
    await stop();
    expect(waitsMs).toContain(2_000);
    expect(emulator.bot.updates.pending()).toBe(1);
  });

  test('comes also when Telegram cannot be told', async () => {
    const { emulator, stop, isReady, log } = await startAtWebhook({ limits: { leaveSeconds: 0.1 } });
    await emulator.until(isReady);
    emulator.fault({ kind: 'hang', method: 'deleteWebhook' });
    await stop();
    expect(log.events()).toEqual([
      'warn: the webhook could not be removed: Telegram calls it until the next start',
    ]);
  });
});

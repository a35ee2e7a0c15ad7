import { Api, GrammyError } from 'grammy';
import { afterEach, describe, expect, test } from 'vitest';
import { createReadiness } from '../../../adapters/telegram/readiness.ts';
import { createRetry } from '../../../adapters/telegram/retry.ts';
import { startTelegramEmulator } from '../../../emulators/telegram/emulator.ts';
import type { Leases } from '../../../src/core/ports/store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createLogbook } from '../../support/logbook.ts';
import { createFragileLeases } from './fragile-leases.ts';
import { checkAndStop, startAtWebhook, startListening } from './listening.ts';

afterEach(checkAndStop);

const away = 'Telegram cannot be reached';
const conflict = "another program polls Telegram with this bot's token";

test('it is told when it changes, and only then', () => {
  const told: string[] = [];
  const { begin, hinder } = createReadiness(
    () => void told.push('ready'),
    (reason) => void told.push(reason),
  );
  for (const hindrance of [undefined, 'a', 'a', undefined]) hinder(hindrance);
  expect(told).toEqual(['a']);
  begin();
  begin();
  for (const hindrance of ['b', 'b', 'c', undefined, undefined]) hinder(hindrance);
  expect(told).toEqual(['a', 'ready', 'b', 'c', 'ready']);
});

describe('who polls is deaf', () => {
  test('while Telegram is away, at the start and later', async () => {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    emulator.fault({ kind: 'page', code: 502, method: 'getMe' }, 2);
    const { told } = await startListening({ emulator });
    await emulator.until(() => told.at(-1) === 'ready');
    emulator.fault({ kind: 'drop', landed: false, method: 'getUpdates' }, 3);
    await emulator.until(() => told.length === 4);
    expect(told).toEqual([away, 'ready', away, 'ready']);
  });

  test('while a poll is silent for longer than it may be', async () => {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    emulator.fault({ kind: 'hang', method: 'getUpdates' });
    const { told } = await startListening({ emulator, limits: { pollSeconds: 0, graceSeconds: 0.1 } });
    await emulator.until(() => told.length === 3);
    expect(told).toEqual(['ready', away, 'ready']);
  });

  test('while another program polls, until a whole poll was left alone', async () => {
    const { emulator, told, heard, isReady } = await startListening();
    await emulator.until(isReady);
    emulator.fault({ kind: 'refuse', code: 409, method: 'getUpdates' });
    const chat = emulator.privateChat();
    chat.say('hi');
    await emulator.until(() => heard.length === 1 && told.length === 3);
    expect(told).toEqual(['ready', conflict, 'ready']);
  });

  test('while Telegram asks it to wait', async () => {
    const { emulator, told, isReady } = await startListening();
    await emulator.until(isReady);
    emulator.fault({ kind: 'refuse', code: 429, retryAfter: 7, method: 'getUpdates' });
    await emulator.until(() => told.length === 3);
    expect(told).toEqual(['ready', 'Telegram asks to wait', 'ready']);
  });
});

test('who stands by is ready, whatever kept it from hearing before', async () => {
  const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
  const fragile = createFragileLeases();
  let turn = 0;
  const { told } = await startListening({
    emulator,
    leases: {
      take(name, signal, onWait) {
        if (++turn === 1) return fragile.leases.take(name, signal, onWait);
        onWait();
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    },
  });
  await emulator.until(() => told.length === 1);
  emulator.fault({ kind: 'refuse', code: 500, method: 'getUpdates' }, 1_000);
  await emulator.until(() => told.length === 2);
  fragile.lose();
  await emulator.until(() => told.length === 3);
  expect(told).toEqual(['ready', away, 'ready']);
});

test('a conflict is over when nothing was heard of it for a minute, though no poll was ever empty', async () => {
  const clock = createFakeClock();
  const log = createLogbook();
  const told: (string | undefined)[] = [];
  const retry = createRetry({ clock, log, tell: (hindrance) => void told.push(hindrance) });
  const { signal } = new AbortController();
  const heard = () => retry.call(async () => 'an update', signal);
  let failures = 1;
  const begun = retry.call(async () => {
    if (failures-- > 0) throw new GrammyError('x', refusal, 'getUpdates', {});
  }, signal);
  await clock.advance(1_000);
  await begun;
  await clock.advance(58_000);
  await heard();
  expect(told).toEqual([conflict, conflict, conflict]);
  expect(log.events()).toHaveLength(1);
  await clock.advance(1_000);
  await heard();
  expect(told.at(-1)).toBeUndefined();
  expect(log.events().at(-1)).toBe('info: no other program polls Telegram any more');
});

const refusal = { ok: false as const, error_code: 409, description: 'Conflict: terminated' };

describe('at a webhook', () => {
  const failing = 'Telegram cannot deliver to TELEGRAM_WEBHOOK_URL';
  const limits = { lookEveryMs: 5_000 };

  async function startTelegram() {
    let now = 1_800_000_000_000;
    const emulator = await startTelegramEmulator({ local: true, webhookSecondMs: 20, now: () => now });
    const later = () => {
      now += 10_000;
    };
    return { emulator, later };
  }

  test('it is deaf while Telegram cannot deliver', async () => {
    const { emulator, later } = await startTelegram();
    let isAway = true;
    const deliver = async () => {
      if (isAway) throw new Error('away');
    };
    const { told } = await startAtWebhook({ emulator, deliver, limits });
    await emulator.until(() => told.length === 1);
    const looks = () => emulator.calls.filter(({ method }) => method === 'getWebhookInfo').length;
    await emulator.until(() => looks() > 1);
    later();
    emulator.privateChat().say('hi');
    await emulator.until(() => told.length === 2);
    isAway = false;
    await emulator.until(() => told.length === 3);
    expect(told).toEqual(['ready', failing, 'ready']);
  });

  test.each(['stands by', 'goes on'])(
    'who loses the lease knows nothing of a trouble, and %s',
    async (next) => {
      const { emulator, later } = await startTelegram();
      const fragile = createFragileLeases();
      let turn = 0;
      const leases: Leases = {
        take(name, signal, onWait) {
          if (++turn === 1 || next === 'goes on') return fragile.leases.take(name, signal, onWait);
          onWait();
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        },
      };
      const { told } = await startAtWebhook({
        emulator,
        leases,
        limits: { lookEveryMs: 5_000 },
        deliver: () => Promise.reject(new Error('away')),
      });
      const looks = () => emulator.calls.filter(({ method }) => method === 'getWebhookInfo').length;
      await emulator.until(() => looks() > 1);
      later();
      emulator.privateChat().say('hi');
      await emulator.until(() => told.length === 2);
      emulator.bot.nextSetWebhookAt = 0;
      fragile.lose();
      await emulator.until(() => told.length === 3);
      expect(told).toEqual(['ready', failing, 'ready']);
    },
  );

  test('it is deaf from when the webhook was taken away to when it is there again', async () => {
    const { emulator, later } = await startTelegram();
    const { told, isReady } = await startAtWebhook({ emulator, limits });
    await emulator.until(isReady);
    later();
    await new Api(emulator.token, { apiRoot: emulator.url }).deleteWebhook();
    later();
    await emulator.until(() => told.length === 3);
    expect(told).toEqual(['ready', 'another program has removed or replaced the webhook', 'ready']);
  });

  test('that Telegram does not tell is no reason to be deaf', async () => {
    const { emulator } = await startTelegram();
    const { told, isReady, log } = await startAtWebhook({ emulator, limits });
    await emulator.until(isReady);
    emulator.fault({ kind: 'page', code: 502, method: 'getWebhookInfo' }, 3);
    await emulator.until(() => log.events().length === 2);
    expect(told).toEqual(['ready']);
  });
});

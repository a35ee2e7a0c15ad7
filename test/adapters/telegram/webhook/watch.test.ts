import { Api } from 'grammy';
import { afterEach, expect, test } from 'vitest';
import { watchWebhook } from '../../../../adapters/telegram/webhook/registration.ts';
import { whatToCheck } from '../../../../adapters/telegram/webhook/reports.ts';
import { startTelegramEmulator, type TelegramEmulator } from '../../../../emulators/telegram/emulator.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { freePort } from '../../../support/free-port.ts';
import { createLogbook, type Logbook } from '../../../support/logbook.ts';
import { checkAndStop, startAtWebhook } from '../listening.ts';

afterEach(checkAndStop);

/** A look every 50 ms here. */
const limits = { lookEveryMs: 5_000 };
const failing =
  'warn: Telegram cannot deliver to TELEGRAM_WEBHOOK_URL; it keeps what people write and tries again';
const over = 'info: Telegram reaches the webhook again';
const replaced =
  "error: another program has removed or replaced the webhook with this bot's token: stop it, or make a bot of its own for each; it is registered again";

/** A Telegram whose clock, in which it tells when something went wrong, is moved by the test. */
async function startTelegram() {
  let now = 1_800_000_000_000;
  const emulator = await startTelegramEmulator({ local: true, webhookSecondMs: 20, now: () => now });
  const later = () => {
    now += 10_000;
  };
  return { emulator, later };
}

const told = (log: Logbook) => log.events().filter((event) => [failing, over, replaced].includes(event));

/** Waits until Telegram has been looked at this often again. */
async function looks(emulator: TelegramEmulator, times: number): Promise<void> {
  const count = () =>
    emulator.calls.filter(({ method, reply }) => method === 'getWebhookInfo' && reply !== undefined).length;
  const before = count();
  await emulator.until(() => count() >= before + times);
}

test('what Telegram reports is told once for each trouble, and so is its end', async () => {
  const { emulator, later } = await startTelegram();
  let isAway = false;
  const deliver = async () => {
    if (isAway) throw new Error('away');
  };
  const { log, isReady } = await startAtWebhook({ emulator, deliver, limits });
  await emulator.until(isReady);
  await looks(emulator, 1);
  for (const events of [[failing], [failing, over, failing]]) {
    isAway = true;
    later();
    const attempts = emulator.deliveries.length;
    emulator.privateChat().say('hi');
    await emulator.until(() => told(log).length === events.length);
    later();
    await emulator.until(() => emulator.deliveries.length > attempts + 2);
    await looks(emulator, 2);
    expect(told(log)).toEqual(events);
    isAway = false;
    await emulator.until(() => told(log).length === events.length + 1);
    await looks(emulator, 2);
    expect(told(log)).toEqual([...events, over]);
  }
  expect(log.text()).toContain(
    '"reported":"Wrong response from the webhook: 503 Service Unavailable","pending":1,"check":"the store',
  );
});

test('while something still waits the trouble is not over', async () => {
  const { emulator, later } = await startTelegram();
  const { log, isReady } = await startAtWebhook({
    emulator,
    deliver: async () => Promise.reject(new Error('away')),
    limits,
  });
  await emulator.until(isReady);
  await looks(emulator, 1);
  later();
  emulator.privateChat().say('hi');
  await emulator.until(() => told(log).length === 1);
  await looks(emulator, 3);
  expect(told(log)).toEqual([failing]);
});

test('what went wrong before the webhook was registered is not told', async () => {
  const { emulator, later } = await startTelegram();
  const port = await freePort();
  const api = new Api(emulator.token, { apiRoot: emulator.url });
  await api.setWebhook(`http://127.0.0.1:${port}/telegram`, {
    secret_token: 'same',
    max_connections: 40,
    allowed_updates: ['message'],
  });
  emulator.privateChat().say('hi');
  await emulator.until(() => emulator.deliveries.length > 1);
  later();
  const webhook = { TELEGRAM_WEBHOOK_PORT: port, TELEGRAM_WEBHOOK_SECRET: 'same' };
  const { heard, log } = await startAtWebhook({ emulator, webhook, limits });
  await emulator.until(() => heard.length === 1);
  expect((await api.getWebhookInfo()).last_error_message).toBe('Connection refused');
  await looks(emulator, 2);
  expect(log.events()).toEqual([]);
});

test('a webhook that somebody else has taken away is registered again, and told of', async () => {
  const { emulator, later } = await startTelegram();
  const { heard, log, isReady, url } = await startAtWebhook({ emulator, limits });
  await emulator.until(isReady);
  const api = new Api(emulator.token, { apiRoot: emulator.url });
  for (const other of ['', 'http://127.0.0.1:1/other']) {
    await looks(emulator, 1);
    later();
    await api.setWebhook(other);
    later();
    await emulator.until(() => emulator.bot.webhook?.settings.url === url);
  }
  await looks(emulator, 2);
  expect(told(log)).toEqual([replaced, replaced]);
  emulator.privateChat().say('hi');
  await emulator.until(() => heard.length === 1);
});

/** What Telegram tells at one look after another, a minute between them. */
async function watch(...infos: { url?: string; at?: number; pending?: number; message?: string }[]) {
  const clock = createFakeClock();
  const log = createLogbook();
  const ended = new AbortController();
  const told = infos.map(({ url = 'ours', at = 0, pending = 0, message = 'Connection refused' }) => ({
    url,
    last_error_date: at,
    last_error_message: message,
    pending_update_count: pending,
    has_custom_certificate: false,
  }));
  let registrations = 0;
  const registered = {
    url: 'ours',
    async again() {
      registrations += 1;
    },
    look: async () => told.shift() ?? Promise.reject(new Error('looked too often')),
  };
  const hindered: (string | undefined)[] = [];
  const hinder = (reason: string | undefined) => void hindered.push(reason);
  const watching = watchWebhook(registered, { clock, log, lookEveryMs: 60_000, hinder }, ended.signal);
  watching.catch(() => undefined);
  await clock.advance(60_000 * (infos.length - 1));
  expect(told).toEqual([]);
  ended.abort();
  return { events: log.events(), text: log.text(), hindered, registrations: () => registrations };
}

test('a trouble lasts for as long as there is an error between two looks, or something waits', async () => {
  const { events } = await watch(
    {},
    { at: 10 },
    { at: 20 },
    { at: 30 },
    { at: 30, pending: 1 },
    { at: 30 },
    { at: 30 },
    { at: 40, pending: 1 },
  );
  expect(events).toEqual([failing, over, failing]);
});

test('of the words of whatever answers at the address, no id, no token and no long speech is repeated', async () => {
  const status = `Wrong response from the webhook: 502 no -1001234567890, no 123456:AAE-x ${'x'.repeat(300)}`;
  const { text } = await watch({}, { at: 10, message: status });
  expect(text).toContain('"reported":"Wrong response from the webhook: 502 no …, no … xxx');
  expect(text).toContain('must lead to TELEGRAM_WEBHOOK_PORT');
  expect(text).not.toContain('x'.repeat(200));
});

test('a webhook that is taken away again and again is registered each time, and told of once', async () => {
  const { events, registrations } = await watch(
    {},
    { url: '' },
    { url: 'theirs' },
    { url: '' },
    {},
    { url: '' },
  );
  expect(events).toEqual([replaced, replaced]);
  expect(registrations()).toBe(4);
});

test.each([
  ['Wrong response from the webhook: 401 Unauthorized', 'TELEGRAM_WEBHOOK_SECRET'],
  ['Wrong response from the webhook: 404 Not Found', 'path of TELEGRAM_WEBHOOK_URL'],
  ['Wrong response from the webhook: 413 Request Entity Too Large', 'bodies'],
  ['Wrong response from the webhook: 301 Moved Permanently', 'redirects'],
  ['Wrong response from the webhook: 502 Bad Gateway', 'TELEGRAM_WEBHOOK_PORT'],
  ['Wrong response from the webhook: 503 Service Unavailable', 'store'],
  ['SSL error {error:0A000086:SSL routines::certificate verify failed}', 'certificate must be valid'],
  ['Failed to resolve host: Name or service not known', 'IPv4'],
  ['Connection refused', 'firewall'],
  ['Read timeout expired', 'firewall'],
])('%s: look at the %s', (reported, check) => {
  expect(whatToCheck(reported)).toContain(check);
});

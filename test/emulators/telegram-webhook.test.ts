import { expect, test } from 'vitest';
import { frozenClock, refused, startBot } from './telegram-bot.ts';
import { say, startHook, taken, type Visit } from './telegram-hook.ts';

/** A local server with short waits, yet long enough for an answer. */
const startLocal = (more = {}) => startBot({ local: true, webhookSecondMs: 20, ...more });

test('a server of your own takes http and every port, Telegram’s does not', async () => {
  const local = await startLocal();
  expect(await refused(local.api.setWebhook('http://127.0.0.1:9000/x'))).toBe('accepted');
  const { api } = await startBot();
  expect(await refused(api.setWebhook('http://127.0.0.1:443/x'))).toMatch('An HTTPS URL must be provided');
});

test('brings what waited and what comes, with the secret, until it is taken', async () => {
  const { emulator, api } = await startLocal();
  const hook = await startHook(taken);
  const chat = emulator.privateChat();
  chat.say('early');
  await api.setWebhook(hook.url, { secret_token: 's-1' });
  await emulator.until(() => hook.visits.length === 1);
  chat.say('late');
  await emulator.until(() => hook.visits.length === 2 && emulator.bot.updates.pending() === 0);
  expect(hook.texts()).toEqual(['early', 'late']);
  expect(hook.visits[0]?.headers['x-telegram-bot-api-secret-token']).toBe('s-1');
  expect((await api.getWebhookInfo()).last_error_date).toBeUndefined();
});

test('one chat waits for its first update, the others go on', async () => {
  const { emulator, api } = await startLocal();
  let held: Visit | undefined;
  const hook = await startHook((visit) => {
    if (visit.text === 'one') held = visit;
    else taken(visit);
  });
  await api.setWebhook(hook.url);
  const [slow, other] = [emulator.privateChat(), emulator.privateChat()];
  for (const text of ['one', 'two']) slow.say(text);
  other.say('elsewhere');
  await emulator.until(() => hook.visits.length === 2);
  expect(hook.texts()).toEqual(['one', 'elsewhere']);
  if (held) taken(held);
  await emulator.until(() => emulator.bot.updates.pending() === 0);
  expect(hook.texts()).toEqual(['one', 'elsewhere', 'two']);
});

test('no more connections than were asked for', async () => {
  const { emulator, api } = await startLocal();
  const hook = await startHook(() => undefined);
  await api.setWebhook(hook.url, { max_connections: 2 });
  for (const text of ['a', 'b', 'c']) emulator.privateChat().say(text);
  await emulator.until(() => hook.visits.length === 2);
  for (const visit of hook.visits.slice(0, 1)) taken(visit);
  await emulator.until(() => hook.visits.length === 3);
  expect(hook.texts()).toEqual(['a', 'b', 'c']);
});

test('what is not taken comes again at once, then after 2, 4, 8 … 60 s', async () => {
  const secondMs = 10;
  const { emulator, api } = await startLocal({ webhookSecondMs: secondMs });
  const hook = await startHook(({ response }) => say(response, hook.visits.length < 9 ? 503 : 200));
  await api.setWebhook(hook.url);
  emulator.privateChat().say('hi');
  await emulator.until(() => emulator.bot.updates.pending() === 0);
  const at = emulator.deliveries.map((delivery) => delivery.at);
  const waits = at.slice(1).map((time, index) => (time - (at[index] ?? 0)) / secondMs);
  for (const [index, seconds] of [0, 2, 4, 8, 16, 32, 60, 60].entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(seconds * 0.9);
  }
  // Without an upper end it would have been 128.
  expect(waits[7]).toBeLessThan(120);
});

test('it waits as long as the answer asks', async () => {
  const { emulator, api } = await startLocal({ webhookSecondMs: 10 });
  const hook = await startHook(({ response }) =>
    hook.visits.length === 1 ? say(response, 503, { 'retry-after': '30' }) : say(response, 200),
  );
  await api.setWebhook(hook.url);
  emulator.privateChat().say('hi');
  await emulator.until(() => emulator.deliveries.length === 2);
  const [first, second] = emulator.deliveries;
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(290);
});

test('what was asked for makes the later waits no longer', async () => {
  const secondMs = 50;
  const { emulator, api } = await startLocal({ webhookSecondMs: secondMs });
  const hook = await startHook(({ response }) =>
    say(response, 503, hook.visits.length < 4 ? { 'retry-after': '1' } : {}),
  );
  await api.setWebhook(hook.url);
  emulator.privateChat().say('hi');
  await emulator.until(() => emulator.deliveries.length === 5);
  const [fourth, fifth] = emulator.deliveries.slice(3);
  const wait = ((fifth?.at ?? 0) - (fourth?.at ?? 0)) / secondMs;
  expect(wait).toBeGreaterThanOrEqual(1.9);
  // Had it grown with each failure, it would be 8.
  expect(wait).toBeLessThan(7.5);
});

test.each([
  ['an answer', 500, 'Wrong response from the webhook: 500 Internal Server Error'],
  ['a redirect', 302, 'Wrong response from the webhook: 302 Found'],
  ['a hang-up', 0, 'Webhook connection closed'],
] as const)('%s that takes nothing is told by getWebhookInfo', async (_what, status, message) => {
  const clock = frozenClock();
  const { emulator, api } = await startLocal({ now: clock.now, webhookSecondMs: 60_000 });
  const hook = await startHook(({ response }) =>
    status === 0 ? response.destroy() : say(response, status, { location: '/other' }),
  );
  await api.setWebhook(hook.url);
  emulator.privateChat().say('hi');
  // The second attempt comes at once.
  await emulator.until(() => emulator.deliveries.length === 2);
  expect(await api.getWebhookInfo()).toMatchObject({
    pending_update_count: 1,
    last_error_date: clock.now() / 1_000,
    last_error_message: message,
  });
});

test('who does not answer, is not there, or is elsewhere is told of too', async () => {
  const { emulator, api } = await startLocal({ webhookSecondMs: 2 });
  const hook = await startHook(() => undefined);
  const told = () => api.getWebhookInfo().then((info) => info.last_error_message);
  await api.setWebhook(hook.url);
  emulator.privateChat().say('hi');
  await expect.poll(told).toBe('Read timeout expired');
  await api.deleteWebhook();
  hook.server.close();
  hook.server.closeAllConnections();
  emulator.bot.nextSetWebhookAt = 0;
  await api.setWebhook(hook.url);
  await expect.poll(told).toBe('Connection refused');
  emulator.bot.nextSetWebhookAt = 0;
  await api.setWebhook('http://bridge.test/hook');
  await expect.poll(told).toMatch('Failed to resolve host');
});

test('a webhook that says for 23 hours that it is gone is removed', async () => {
  const clock = frozenClock();
  const { emulator, api } = await startLocal({ now: clock.now });
  const hook = await startHook(({ response }) => say(response, 410));
  await api.setWebhook(hook.url);
  emulator.privateChat().say('hi');
  await emulator.until(() => emulator.deliveries.length === 3);
  expect((await api.getWebhookInfo()).url).toBe(hook.url);
  clock.advance(23 * 3_600_000 + 1);
  await emulator.until(() => emulator.bot.webhook === undefined);
  expect(emulator.bot.updates.pending()).toBe(1);
});

test('is set at most once a second; to take it away may be asked at any time', async () => {
  const clock = frozenClock();
  const { emulator, api } = await startLocal({ now: clock.now });
  const set = () => refused(api.setWebhook('http://127.0.0.1:1/hook'));
  expect(await set()).toBe('accepted');
  expect(await set()).toBe('429 Too Many Requests: retry after 1');
  expect(await refused(api.setWebhook(''))).toBe('accepted');
  expect(emulator.bot.webhook).toBeUndefined();
  expect(await refused(api.deleteWebhook())).toBe('accepted');
  clock.advance(1_000);
  expect(await set()).toBe('accepted');
});

test('taken away, it brings nothing more, and what was under way is kept', async () => {
  const { emulator, api } = await startLocal();
  const hook = await startHook(() => undefined);
  await api.setWebhook(hook.url);
  const chat = emulator.privateChat();
  chat.say('under way');
  await emulator.until(() => hook.visits.length === 1);
  await api.deleteWebhook();
  chat.say('later');
  const updates = await api.getUpdates();
  expect(updates.map(({ message }) => message?.text)).toEqual(['under way', 'later']);
  expect(hook.texts()).toEqual(['under way']);
});

test('set again as it is, it goes on; set in another way, it begins again; what waits may be dropped', async () => {
  const { emulator, api } = await startLocal();
  const hook = await startHook(() => undefined);
  const set = async (more = {}) => {
    emulator.bot.nextSetWebhookAt = 0;
    await api.setWebhook(hook.url, { secret_token: 'a', ...more });
  };
  await set();
  emulator.privateChat().say('hi');
  await emulator.until(() => hook.visits.length === 1);
  await set();
  emulator.privateChat().say('you');
  await emulator.until(() => hook.visits.length === 2);
  expect(hook.texts()).toEqual(['hi', 'you']);
  await set({ secret_token: 'b' });
  await emulator.until(() => hook.visits.length === 4);
  // They were sent by the webhook that is no more.
  for (const visit of hook.visits.slice(0, 2)) taken(visit);
  emulator.privateChat().say('there');
  await emulator.until(() => hook.visits.length === 5);
  expect(emulator.bot.updates.pending()).toBe(3);
  await set({ secret_token: 'b', drop_pending_updates: true });
  expect((await api.getWebhookInfo()).pending_update_count).toBe(0);
});

test('brings only the kinds that were asked for', async () => {
  const { emulator, api } = await startLocal();
  const hook = await startHook(taken);
  await api.setWebhook(hook.url, { allowed_updates: ['message'] });
  const chat = emulator.privateChat();
  const { message_id } = chat.say('one');
  chat.edit(message_id, 'changed');
  chat.say('two');
  await emulator.until(() => hook.visits.length === 2 && emulator.bot.updates.pending() === 0);
  expect(hook.texts()).toEqual(['one', 'two']);
});

import type { Update } from 'grammy/types';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { post } from '../../emulators/telegram/webhook-post.ts';
import { redisServer } from '../redis/server.ts';
import { freePort } from '../support/free-port.ts';
import { startBalancer } from './balancer.ts';
import { createStand, homes, type Stand } from './stand.ts';

const startStand = (home: string) => createStand(home, {}, { local: true, webhookSecondMs: 50 });
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `question ${index}`);
const callsOf = ({ telegram }: Stand, pattern: RegExp) =>
  telegram.calls.map(({ method }) => method).filter((method) => pattern.test(method));
/** Telegram wants one between two webhooks, and a process may be back before that. */
function letASecondPass({ telegram }: Stand): void {
  telegram.bot.nextSetWebhookAt = 0;
}
const refusals = ({ telegram }: Stand) =>
  telegram.calls.filter(({ reply }) => reply?.ok === false && [409, 429].includes(reply.errorCode));

describe.each(homes)('the bridge on $home, at a webhook', ({ home }) => {
  let stand: Stand;
  let env: Record<string, string>;
  beforeEach(async () => {
    stand = await startStand(home);
    const port = await freePort();
    env = {
      TELEGRAM_WEBHOOK_URL: `http://127.0.0.1:${port}/telegram`,
      TELEGRAM_WEBHOOK_PORT: String(port),
    };
    stand.coze.answer(({ text }) => ({ steps: [{ say: `answer to ${text}` }] }));
  });
  afterEach(() => stand.endAndInspect());

  test('answers without ever polling, and tells nobody its secret', async () => {
    const bridge = await stand.launch(env);
    const chat = stand.telegram.privateChat();
    for (const text of numbered(3)) chat.say(text);
    expect(await stand.texts(chat, (texts) => texts.length === 3 && texts[2]?.endsWith('2'))).toEqual(
      numbered(3).map((text) => `answer to ${text}`),
    );
    expect(callsOf(stand, /getUpdates/)).toEqual([]);
    expect(bridge.log()).not.toContain(stand.telegram.bot.webhook?.settings.secretToken);
  });

  test('an update that Telegram brings again, because our answer was lost, is answered once', async () => {
    const { telegram, launch, texts, questions } = stand;
    await launch(env);
    const chat = telegram.privateChat();
    const message = chat.say('hello');
    await texts(chat, ([text]) => text === 'answer to hello');
    const { settings } = telegram.bot.webhook ?? expect.fail('there is no webhook');
    const [delivery] = telegram.deliveries;
    const update = { update_id: delivery?.updateId ?? 0, message } as Update;
    for (let times = 0; times < 3; times++)
      expect(await post(settings, update, new AbortController().signal, 1_000)).toMatchObject({
        status: 200,
      });
    chat.say('goodbye');
    expect(await texts(chat, (shown) => shown.at(-1) === 'answer to goodbye')).toHaveLength(2);
    expect(questions().map(({ text }) => text)).toEqual(['hello', 'goodbye']);
  });

  test('what is written while it is away is answered when it is back, once', async () => {
    const first = await stand.launch(env);
    const chat = stand.telegram.privateChat();
    chat.say('before');
    await stand.texts(chat, (texts) => texts[0] === 'answer to before');
    expect(await first.stop()).toBe(0);
    expect(stand.telegram.bot.webhook).toBeUndefined();
    chat.say('meanwhile');
    letASecondPass(stand);
    await stand.launch(env);
    await stand.texts(chat, (texts) => texts[1] === 'answer to meanwhile');
    expect(stand.questions().map(({ text }) => text)).toEqual(['before', 'meanwhile']);
  });

  test('killed, its webhook stays, and Telegram brings to the next one what it could not bring', async () => {
    const first = await stand.launch(env);
    await first.stop('SIGKILL');
    const chat = stand.telegram.privateChat();
    chat.say('is anybody there?');
    await stand.telegram.until(() => stand.telegram.deliveries.length > 1);
    letASecondPass(stand);
    await stand.launch(env);
    await stand.texts(chat, (texts) => texts[0] === 'answer to is anybody there?');
    expect(stand.questions()).toHaveLength(1);
  });
});

test('back to polling, the webhook that a killed process left is removed', async () => {
  const stand = await startStand('embedded');
  onTestFinished(() => stand.endAndInspect());
  const port = await freePort();
  const first = await stand.launch({
    TELEGRAM_WEBHOOK_URL: `http://127.0.0.1:${port}`,
    TELEGRAM_WEBHOOK_PORT: String(port),
  });
  stand.coze.answer(({ text }) => ({ steps: [{ say: `answer to ${text}` }] }));
  await first.stop('SIGKILL');
  const chat = stand.telegram.privateChat();
  chat.say('hello?');
  const second = await stand.launch();
  await stand.texts(chat, (texts) => texts[0] === 'answer to hello?');
  expect(stand.telegram.bot.webhook).toBeUndefined();
  expect(second.log()).toContain('this bot has a webhook');
});

test('a port that is taken is told in words, and the process ends with a failure', async () => {
  const stand = await startStand('embedded');
  onTestFinished(() => stand.endAndInspect());
  const { port } = new URL(stand.coze.url);
  const more = { TELEGRAM_WEBHOOK_URL: 'http://127.0.0.1/x', TELEGRAM_WEBHOOK_PORT: port };
  await expect(stand.launch(more)).rejects.toThrow(
    /TELEGRAM_WEBHOOK_PORT: another program has 127\.0\.0\.1:\d+ .* lead the proxy to it/,
  );
});

describe.runIf(redisServer.available)('several processes at one webhook', () => {
  test('one after the other is replaced behind a proxy: all is answered, in order, once', async () => {
    const stand = await startStand('redis');
    onTestFinished(() => stand.endAndInspect());
    stand.coze.answer(({ text }) => ({ steps: [{ say: `answer to ${text}` }] }));
    const ports = [await freePort(), await freePort(), await freePort()];
    const balancer = await startBalancer(ports);
    onTestFinished(() => balancer.close());
    const launch = (index: number) =>
      stand.launch({
        ROLE: 'gateway',
        TELEGRAM_WEBHOOK_URL: `${balancer.url}/telegram`,
        TELEGRAM_WEBHOOK_PORT: String(ports[index]),
      });
    await stand.launch({ ROLE: 'worker' });
    const bridges = [await launch(0), await launch(1)];
    const chats = [stand.telegram.privateChat(), stand.telegram.privateChat()];
    const asked = numbered(8);
    for (const [index, text] of asked.entries()) {
      for (const chat of chats) chat.say(text);
      // Both hear, whoever of them has registered it.
      if (index === 1) await stand.telegram.until(() => balancer.served.size === 2);
      letASecondPass(stand);
      if (index === 2) expect(await bridges[0]?.stop()).toBe(0);
      if (index === 4) bridges.push(await launch(2));
      if (index === 5) expect(await bridges[1]?.stop()).toBe(0);
    }
    for (const chat of chats) {
      const texts = await stand.texts(chat, (shown) => shown.at(-1) === 'answer to question 7');
      expect(texts).toEqual(asked.map((text) => `answer to ${text}`));
    }
    expect(stand.questions()).toHaveLength(16);
    expect(callsOf(stand, /^(set|delete)Webhook$/)).toEqual([
      'setWebhook',
      'deleteWebhook',
      'setWebhook',
      'deleteWebhook',
      'setWebhook',
    ]);
    expect(refusals(stand)).toEqual([]);
  });
});

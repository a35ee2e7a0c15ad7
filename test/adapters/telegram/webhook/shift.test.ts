import { afterEach, describe, expect, test } from 'vitest';
import { startTelegramEmulator } from '../../../../emulators/telegram/emulator.ts';
import { createLeases } from '../../../../src/embedded/leases.ts';
import { createFragileLeases } from '../fragile-leases.ts';
import { checkAndStop, startAtWebhook, startListening } from '../listening.ts';

afterEach(checkAndStop);

const texts = (heard: readonly { text: string }[]) => heard.map(({ text }) => text);
const startTelegram = () => startTelegramEmulator({ local: true, webhookSecondMs: 20, pollSecondMs: 100 });

const hello = {
  update_id: 1,
  message: { message_id: 7, date: 0, chat: { id: 5, type: 'private' }, from: { id: 5 }, text: 'hello' },
};

describe('two processes', () => {
  const standby =
    'info: another process of this bridge registers the webhook; this one hears too, and takes over when it ends';

  test('both hear; one registers, and when it ends the other does', async () => {
    const emulator = await startTelegram();
    const leases = createLeases();
    const first = await startAtWebhook({ emulator, leases });
    await emulator.until(first.isReady);
    const second = await startAtWebhook({ emulator, leases });
    await emulator.until(second.isReady);
    expect(emulator.calls.filter(({ method }) => method === 'setWebhook')).toHaveLength(1);
    // A proxy may choose the other one.
    const secret = emulator.bot.webhook?.settings.secretToken ?? '';
    const answer = await fetch(second.url, {
      method: 'POST',
      headers: { 'x-telegram-bot-api-secret-token': secret },
      body: JSON.stringify(hello),
    });
    expect(answer.status).toBe(200);
    expect(texts(second.heard)).toEqual(['hello']);
    emulator.bot.nextSetWebhookAt = 0;
    await first.stop();
    await emulator.until(() => emulator.bot.webhook?.settings.url === second.url);
    expect(
      emulator.calls.map(({ method }) => method).filter((name) => /^(set|delete)Webhook$/.test(name)),
    ).toEqual(['setWebhook', 'deleteWebhook', 'setWebhook']);
    expect(second.log.events().slice(0, 2)).toEqual([
      standby,
      'info: the other process has ended: this one takes over',
    ]);
    emulator.privateChat().say('hi');
    await emulator.until(() => second.heard.length === 2);
  });

  test('one that only stood by takes nothing away at its end', async () => {
    const emulator = await startTelegram();
    const leases = createLeases();
    const first = await startAtWebhook({ emulator, leases });
    await emulator.until(first.isReady);
    const second = await startAtWebhook({ emulator, leases });
    await emulator.until(second.isReady);
    await second.stop();
    expect(emulator.bot.webhook?.settings.url).toBe(first.url);
  });

  test('what is under way at one that only stood by ends too', async () => {
    const emulator = await startTelegram();
    const leases = createLeases();
    const first = await startAtWebhook({ emulator, leases });
    await emulator.until(first.isReady);
    let release: (() => void) | undefined;
    const deliver = () => new Promise<void>((resolve) => (release = resolve));
    const limits = { leaveSeconds: 1_000, storeMs: 1_000_000 };
    const second = await startAtWebhook({ emulator, leases, deliver, limits });
    await emulator.until(second.isReady);
    const answer = fetch(second.url, {
      method: 'POST',
      headers: { 'x-telegram-bot-api-secret-token': emulator.bot.webhook?.settings.secretToken ?? '' },
      body: JSON.stringify(hello),
    });
    await emulator.until(() => release !== undefined);
    const stopped = second.stop();
    await emulator.until(() => second.waitsMs.includes(limits.leaveSeconds * 1_000));
    release?.();
    expect((await answer).status).toBe(200);
    await stopped;
  });

  test('who has lost the lease leaves the webhook alone, and registers it when it has the lease again', async () => {
    const emulator = await startTelegram();
    const { leases, log, lose } = createFragileLeases();
    const { isReady, stop } = await startAtWebhook({ emulator, leases });
    await emulator.until(isReady);
    emulator.bot.nextSetWebhookAt = 0;
    lose();
    const registered = () =>
      emulator.calls.filter(({ method, reply }) => method === 'setWebhook' && reply !== undefined).length;
    await emulator.until(() => registered() === 2);
    expect(log).toEqual(['taken', 'released', 'taken']);
    const stopped = stop();
    lose();
    await stopped;
    expect(emulator.calls.some(({ method }) => method === 'deleteWebhook')).toBe(false);
  });

  test('from polling to a webhook and back, nothing is refused or lost', async () => {
    const emulator = await startTelegram();
    const leases = createLeases();
    const polling = await startListening({ emulator, leases });
    await emulator.until(() => emulator.calls.some(({ method }) => method === 'getUpdates'));
    const hooked = await startAtWebhook({ emulator, leases });
    await emulator.until(hooked.isReady);
    await polling.stop();
    const chat = emulator.privateChat();
    chat.say('one');
    await emulator.until(() => hooked.heard.length === 1);
    const last = await startListening({ emulator, leases });
    await emulator.until(last.isReady);
    await hooked.stop();
    chat.say('two');
    await emulator.until(() => last.heard.length === 1);
    expect(emulator.calls.filter(({ reply }) => reply?.ok === false && reply.errorCode === 409)).toEqual([]);
  });
});

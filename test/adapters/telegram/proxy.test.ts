import { afterEach, describe, expect, test } from 'vitest';
import { createTelegramSender } from '../../../adapters/telegram/send.ts';
import { startTelegramEmulator } from '../../../emulators/telegram/emulator.ts';
import { openProxy, wayBy } from '../../proxy/stand.ts';
import { createLogbook } from '../../support/logbook.ts';
import { checkAndStop, startListening } from './listening.ts';

afterEach(checkAndStop);

describe.each(['http', 'socks5'] as const)('Telegram behind a proxy, %s,', (kind) => {
  /** A Telegram whose name only the proxy knows, so that nothing gets to it past the proxy. */
  async function open() {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    const names = { 'telegram.test:80': Number(new URL(emulator.url).port) };
    const proxy = await openProxy({ kind, names });
    const settings = { TELEGRAM_API_ROOT: 'http://telegram.test', proxy: wayBy(proxy.url) };
    const sender = createTelegramSender(
      { ...settings, TELEGRAM_BOT_TOKEN: emulator.token },
      { log: createLogbook() },
    );
    return { emulator, proxy, settings, sender };
  }

  test('is polled and written to through it, and a tunnel serves many calls', async () => {
    const { emulator, proxy, settings, sender } = await open();
    const { heard } = await startListening({ emulator, settings });
    const chat = emulator.privateChat();
    chat.say('hello');
    await emulator.until(() => heard.length === 1);
    const target = { platform: 'telegram', bot: '1', channel: String(chat.id) };
    const ref = await sender.post(target, { text: 'hi' });
    for (const text of ['hi there', 'hi there, you']) await sender.edit(ref, { text });
    expect(emulator.shown(chat.id).map(({ text }) => text)).toEqual(['hi there, you']);
    const polls = emulator.calls.filter(({ method }) => method === 'getUpdates').length;
    await emulator.until(
      () => emulator.calls.filter(({ method }) => method === 'getUpdates').length >= polls + 5,
    );
    expect(new Set(proxy.targets)).toEqual(new Set(['telegram.test:80']));
    expect(proxy.targets.length).toBeLessThan(5);
  });

  test('that fails is said to be the proxy, and heard again once it works', async () => {
    const { emulator, proxy, settings, sender } = await open();
    proxy.manner = 'deny';
    const { log, isReady } = await startListening({ emulator, settings });
    await emulator.until(() => log.events().length > 0);
    const words = /the proxy 127\.0\.0\.1:\d+ gives no connection to telegram\.test:80 \(\w+\)/;
    expect(log.events()).toEqual(['warn: Telegram cannot be reached; trying again']);
    expect(log.text()).toMatch(words);
    const posting = sender.post({ platform: 'telegram', bot: '1', channel: '1' }, { text: 'hi' });
    await expect(posting).rejects.toMatchObject({
      name: 'Unreachable',
      landed: 'no',
      message: expect.stringMatching(words),
    });
    proxy.manner = 'serve';
    await emulator.until(isReady);
    expect(log.events()).toContain('info: Telegram is reached again');
  });
});

import { afterEach, expect, test } from 'vitest';
import { startTelegramEmulator, type TelegramEmulator } from '../../../emulators/telegram/emulator.ts';
import type { Leases } from '../../../src/core/ports/store.ts';
import { createLeases } from '../../../src/embedded/leases.ts';
import { createFragileLeases } from './fragile-leases.ts';
import { checkAndStop, startListening } from './listening.ts';

afterEach(checkAndStop);

const texts = (heard: readonly { text: string }[]) => heard.map(({ text }) => text);
const standby =
  'info: another process of this bridge polls Telegram with this bot; this one takes over when it ends';
const takesOver = 'info: the other process has ended: this one takes over';
const polls = ({ calls }: TelegramEmulator) => calls.filter(({ method }) => method === 'getUpdates');
const conflicts = ({ calls }: TelegramEmulator) =>
  calls.filter(({ reply }) => reply?.ok === false && reply.errorCode === 409);

async function startTwo() {
  const emulator = await startTelegramEmulator({ pollSecondMs: 100 });
  const leases = createLeases();
  const first = await startListening({ emulator, leases });
  await emulator.until(() => first.isReady() && polls(emulator).length > 0);
  const second = await startListening({ emulator, leases });
  await emulator.until(second.isReady);
  return { emulator, first, second };
}

test('of two processes one polls, and the other stands by and is ready', async () => {
  const { emulator, first, second } = await startTwo();
  const chat = emulator.privateChat();
  for (const text of ['one', 'two']) {
    chat.say(text);
    await emulator.until(() => first.heard.length === (text === 'one' ? 1 : 2));
  }
  expect(second.heard).toEqual([]);
  expect(second.log.events()).toEqual([standby]);
  expect(first.log.events()).toEqual([]);
});

test('when the one ends the other takes over: nothing is refused, lost or heard twice', async () => {
  const { emulator, first, second } = await startTwo();
  const chat = emulator.privateChat();
  const said: string[] = [];
  const sayTen = () => {
    for (let count = 0; count < 10; count++) {
      said.push(`message ${said.length}`);
      chat.say(said.at(-1) ?? '');
    }
  };
  sayTen();
  await emulator.until(() => first.heard.length > 0);
  sayTen();
  const stopped = first.stop();
  sayTen();
  await stopped;
  await emulator.until(() => second.log.events().includes(takesOver));
  sayTen();
  await emulator.until(() => first.heard.length + second.heard.length >= said.length);
  expect([...texts(first.heard), ...texts(second.heard)]).toEqual(said);
  expect(second.heard.length).toBeGreaterThan(0);
  expect(second.log.events()).toEqual([standby, takesOver]);
  expect(conflicts(emulator)).toEqual([]);
});

test('the next one begins only when the last word of the one before has reached Telegram', async () => {
  const emulator = await startTelegramEmulator({ pollSecondMs: 100 });
  const leases = createLeases();
  let isStuck = false;
  const deliver = ({ text }: { text: string }) => {
    isStuck = text === 'two';
    return isStuck ? new Promise<void>(() => {}) : Promise.resolve();
  };
  const chat = emulator.privateChat();
  for (const text of ['one', 'two']) chat.say(text);
  const first = await startListening({ emulator, leases, deliver });
  await emulator.until(() => isStuck);
  const second = await startListening({ emulator, leases });
  await emulator.until(second.isReady);
  emulator.fault({ kind: 'delay', ms: 200, method: 'getUpdates' });
  await first.stop();
  await emulator.until(() => second.heard.length > 0);
  expect(texts(first.heard)).toEqual(['one']);
  expect(texts(second.heard)).toEqual(['two']);
});

test('the lease is named after the bot, and nothing of the token is in it', async () => {
  const names: string[] = [];
  const leases: Leases = {
    take(name, signal, onWait) {
      names.push(name);
      return createLeases().take(name, signal, onWait);
    },
  };
  const { emulator, isReady } = await startListening({ leases });
  await emulator.until(isReady);
  expect(names).toEqual([`telegram:${emulator.bot.user.id}`]);
});

test('who has lost the lease polls no more, says nothing more to Telegram, and takes it again', async () => {
  const { leases, log: taken, lose } = createFragileLeases();
  const emulator = await startTelegramEmulator({ pollSecondMs: 100 });
  const chat = emulator.privateChat();
  for (const text of ['one', 'two']) chat.say(text);
  let isStuck = false;
  const deliver = ({ text }: { text: string }) => {
    if (text !== 'two' || isStuck) return Promise.resolve();
    isStuck = true;
    return new Promise<void>(() => {});
  };
  const { heard, log, isReady } = await startListening({ emulator, leases, deliver });
  await emulator.until(() => isStuck && isReady());
  lose();
  await emulator.until(() => heard.length === 3);
  // The first one is brought again, and it is the mailbox that knows it as seen.
  expect(texts(heard)).toEqual(['one', 'one', 'two']);
  expect(
    polls(emulator)
      .slice(0, 2)
      .map(({ params }) => params.offset),
  ).toEqual([0, 0]);
  expect(taken).toEqual(['taken', 'released', 'taken']);
  expect(log.events()).toEqual([
    'warn: the store was away for so long that another process may look after Telegram now; this one waits for its turn',
    'info: no other process does: this one looks after Telegram again',
  ]);
});

test('a refused token ends it, and the lease is given back', async () => {
  const { leases, log } = createFragileLeases();
  const { emulator, ended, isReady } = await startListening({ leases });
  await emulator.until(isReady);
  emulator.fault({ kind: 'refuse', code: 401, method: 'getUpdates' });
  await expect(ended).rejects.toThrow('TELEGRAM_BOT_TOKEN');
  expect(log).toEqual(['taken', 'released']);
});

import { Api } from 'grammy';
import { afterEach, describe, expect, test } from 'vitest';
import { startTelegramEmulator, type TelegramEmulator } from '../../../emulators/telegram/emulator.ts';
import type { Notes } from '../../../src/core/ports/store.ts';
import { createNotes } from '../../support/notes.ts';
import { checkAndStop, startAtWebhook, startListening } from './listening.ts';

afterEach(checkAndStop);

const start = { polling: startListening, 'a webhook': startAtWebhook };

const startTelegram = () =>
  startTelegramEmulator({ local: true, webhookSecondMs: 20, pollSecondMs: 10, privacy: false });

/** Notes that fail until they are mended. */
function createBroken(what: 'keep' | 'find') {
  const notes = createNotes();
  let isBroken = true;
  const broken: Notes = {
    ...notes,
    [what]: async (book: string, name: string, value: string) => {
      if (isBroken) throw new Error('connect ECONNREFUSED');
      return notes[what](book, name, value);
    },
  };
  const mend = () => {
    isBroken = false;
  };
  return { notes: broken, mend };
}

const pending = ({ bot }: TelegramEmulator) => bot.updates.pending();

describe.each(['polling', 'a webhook'] as const)('by %s, a group that becomes a supergroup', (way) => {
  test('keeps the name that it had, for other processes too', async () => {
    const emulator = await startTelegram();
    const notes = createNotes();
    const first = await start[way]({ emulator, notes });
    const group = emulator.group();
    group.say('before');
    const upgraded = group.upgradeToSupergroup();
    upgraded.say('after');
    await emulator.until(() => first.heard.length === 2 && pending(emulator) === 0);
    expect(first.heard[0]?.target).not.toHaveProperty('formerly');
    expect(first.heard[1]?.target).toMatchObject({ channel: `${upgraded.id}`, formerly: `${group.id}` });
    await first.stop();
    emulator.bot.nextSetWebhookAt = 0;
    const next = await start[way]({ emulator, notes });
    upgraded.say('later');
    emulator.group({ kind: 'supergroup' }).say('elsewhere');
    await emulator.until(() => next.heard.length === 2);
    expect(next.heard.map(({ target }) => target.formerly)).toEqual([`${group.id}`, undefined]);
  });

  test.each(['keep', 'find'] as const)('is not forgotten when the notes are away (%s)', async (what) => {
    const emulator = await startTelegram();
    const { notes, mend } = createBroken(what);
    const { heard, log } = await start[way]({ emulator, notes });
    const group = emulator.group();
    const upgraded = group.upgradeToSupergroup();
    upgraded.say('after');
    await emulator.until(() => log.events().length > 0);
    expect(heard).toEqual([]);
    expect(pending(emulator)).toBeGreaterThan(0);
    mend();
    await emulator.until(() => heard.length === 1 && pending(emulator) === 0);
    expect(heard[0]?.target.formerly).toBe(`${group.id}`);
    expect(log.events()).toEqual([
      'error: a message could not be stored; trying again',
      'info: messages can be stored again',
    ]);
  });
});

test('what is pressed there keeps the name too', async () => {
  const { emulator, heard } = await startListening();
  const group = emulator.group();
  const upgraded = group.upgradeToSupergroup();
  const inline_keyboard = [[{ text: 'Stop', callback_data: 'stop/t_1/u_1' }]];
  const api = new Api(emulator.token, { apiRoot: emulator.url });
  const { message_id } = await api.sendMessage(upgraded.id, 'Hello', { reply_markup: { inline_keyboard } });
  upgraded.press(message_id, 'stop/t_1/u_1');
  await emulator.until(() => heard.length === 1);
  expect(heard[0]?.target).toMatchObject({ channel: `${upgraded.id}`, formerly: `${group.id}` });
});

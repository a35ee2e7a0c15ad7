import { Api } from 'grammy';
import { afterEach, describe, expect, test } from 'vitest';
import { startTelegramEmulator, type TelegramEmulator } from '../../../emulators/telegram/emulator.ts';
import { checkAndStop, startAtWebhook, startListening } from './listening.ts';

afterEach(checkAndStop);

const callsOf = ({ calls }: TelegramEmulator, name: string) => calls.filter(({ method }) => method === name);
const answers = (emulator: TelegramEmulator) => callsOf(emulator, 'answerCallbackQuery');

/** A message of ours with these buttons under it. */
async function offer(emulator: TelegramEmulator, chat: { id: number }, ...data: string[]): Promise<number> {
  const api = new Api(emulator.token, { apiRoot: emulator.url });
  const inline_keyboard = data.map((one) => [{ text: one, callback_data: one }]);
  return (await api.sendMessage(chat.id, 'Hello', { reply_markup: { inline_keyboard } })).message_id;
}

const start = {
  polling: startListening,
  'a webhook': startAtWebhook,
};

describe.each(['polling', 'a webhook'] as const)('by %s', (way) => {
  test('a press is delivered, confirmed, and answered with what there is to say', async () => {
    const deliver = async ({ pressed }: { pressed?: string }) =>
      pressed === 'stop/t_1/u_1' ? 'Stopping the answer.' : undefined;
    const { emulator, heard, log } = await start[way]({ deliver });
    const chat = emulator.privateChat();
    const id = await offer(emulator, chat, 'stop/t_1/u_1', 'ask/t_1/0');
    const presses = ['stop/t_1/u_1', 'ask/t_1/0'].map((data) => chat.press(id, data));
    await emulator.until(() => presses.every(({ answer }) => answer() !== undefined));
    expect(heard).toMatchObject([{ pressed: 'stop/t_1/u_1' }, { pressed: 'ask/t_1/0' }]);
    expect(presses.map(({ answer }) => answer()?.text)).toEqual(['Stopping the answer.', '']);
    await emulator.until(() => emulator.bot.updates.pending() === 0);
    expect(log.events()).toEqual([]);
  });

  test('nothing is answered or confirmed while the store is away', async () => {
    let isAway = true;
    const deliver = async () => {
      if (isAway) throw new Error('connect ECONNREFUSED');
      return 'Stopping the answer.';
    };
    const { emulator, heard, waitsMs } = await start[way]({ deliver });
    const chat = emulator.privateChat();
    const { answer } = chat.press(await offer(emulator, chat, 'stop/t_1/u_1'), 'stop/t_1/u_1');
    const isTriedTwice = () => waitsMs.length > 2 || emulator.deliveries.length > 2;
    await emulator.until(isTriedTwice);
    expect(answers(emulator)).toEqual([]);
    expect(emulator.bot.updates.pending()).toBe(1);
    isAway = false;
    await emulator.until(() => answer() !== undefined);
    expect(heard).toHaveLength(1);
    expect(answer()?.text).toBe('Stopping the answer.');
  });

  test('what is not ours is answered with nothing, and left', async () => {
    const { emulator, heard } = await start[way]();
    const chat = emulator.privateChat();
    const { answer } = chat.press(await offer(emulator, chat, 'buy/1'), 'buy/1');
    await emulator.until(() => answer() !== undefined && emulator.bot.updates.pending() === 0);
    expect(answer()).toEqual({ text: '', alert: false });
    expect(heard).toEqual([]);
  });

  test('an answer that never comes through delays nothing', async () => {
    const { emulator, heard } = await start[way]();
    const chat = emulator.privateChat();
    const id = await offer(emulator, chat, 'ask/t_1/0');
    emulator.fault({ kind: 'hang', method: 'answerCallbackQuery' });
    chat.press(id, 'ask/t_1/0');
    chat.say('and this');
    await emulator.until(() => heard.length === 2 && emulator.bot.updates.pending() === 0);
    expect(heard).toMatchObject([{ pressed: 'ask/t_1/0' }, { text: 'and this' }]);
  });

  test('the Stop of a draft is heard', async () => {
    const { emulator, heard } = await start[way]();
    const chat = emulator.privateChat();
    const api = new Api(emulator.token, { apiRoot: emulator.url });
    await api.sendMessageDraft(chat.id, 77, 'Hel', { can_stop: true });
    await emulator.until(() => callsOf(emulator, 'setMyCommands').length === 2);
    chat.stopDraft();
    await emulator.until(() => heard.length === 1 && emulator.bot.updates.pending() === 0);
    expect(heard).toMatchObject([{ pressed: 'stop', addressed: 'direct', author: { id: String(chat.id) } }]);
    expect(answers(emulator)).toEqual([]);
  });
});

describe('an answer to a press', () => {
  test('that comes too late is nobody’s trouble; another failure is a line for who looks closely', async () => {
    const { emulator, heard, log } = await startListening();
    const chat = emulator.privateChat();
    const id = await offer(emulator, chat, 'ask/t_1/0', 'stop/t_1/u_1');
    const method = 'answerCallbackQuery';
    const reason = 'query is too old and response timeout expired or query ID is invalid';
    emulator.fault({ kind: 'refuse', code: 400, description: `Bad Request: ${reason}`, method });
    emulator.fault({ kind: 'refuse', code: 500, method });
    for (const data of ['ask/t_1/0', 'stop/t_1/u_1']) chat.press(id, data);
    await emulator.until(() => heard.length === 2 && log.events().length > 0);
    expect(log.events()).toEqual(['debug: the press of a button was not answered']);
  });

  test('is as long as Telegram shows it, cut between characters', async () => {
    const { emulator } = await startListening({ deliver: async () => `${'x'.repeat(199)}🚀🚀` });
    const chat = emulator.privateChat();
    const { answer } = chat.press(await offer(emulator, chat, 'ask/t_1/0'), 'ask/t_1/0');
    await emulator.until(() => answer() !== undefined);
    expect(answer()?.text).toBe('x'.repeat(199));
  });
});

describe('who may stop for others', () => {
  const looks = (emulator: TelegramEmulator) => callsOf(emulator, 'getChatMember').length;

  test('administrators of a group are known when they stop, by a press or by words', async () => {
    const { emulator, heard } = await startListening();
    const group = emulator.group();
    const [admin, member] = [emulator.person({ name: 'Ada' }), emulator.person({ name: 'Bob' })];
    group.promote(admin);
    const id = await offer(emulator, group, 'stop/t_1/u_1', 'ask/t_1/0');
    const stop = `/stop@${emulator.bot.user.username}`;
    group.say(stop);
    for (const person of [admin, member]) {
      group.as(person).press(id, 'stop/t_1/u_1');
      group.as(person).say(stop);
    }
    group.as(admin).press(id, 'ask/t_1/0');
    await emulator.until(() => heard.length === 6);
    expect(heard.map(({ author }) => author.isAdmin)).toEqual([
      true,
      true,
      true,
      ...Array(3).fill(undefined),
    ]);
  });

  test('it is asked once a minute for each person, and for nothing but stops in groups', async () => {
    const { emulator, heard } = await startListening();
    const [group, chat] = [emulator.group(), emulator.privateChat()];
    const name = emulator.bot.user.username;
    chat.say('/stop');
    for (const text of ['hello', '/reset', 'please /stop']) group.say(`${text} @${name}`);
    await emulator.until(() => heard.length === 4);
    expect(looks(emulator)).toBe(0);
    for (let times = 0; times < 3; times++) group.say(`/stop@${name}`);
    group.as(emulator.person()).say(`/stop@${name}`);
    await emulator.until(() => heard.length === 8);
    expect(looks(emulator)).toBe(2);
  });

  test('who writes in the name of the group is one of them, and need not be looked up', async () => {
    const { emulator, heard } = await startListening();
    const group = emulator.group({ kind: 'supergroup' });
    const hidden = emulator.person();
    group.promote(hidden, { anonymous: true });
    group.as(hidden).say(`/stop@${emulator.bot.user.username}`);
    await emulator.until(() => heard.length === 1);
    expect(heard).toMatchObject([{ author: { id: String(group.id), isAdmin: true } }]);
    expect(looks(emulator)).toBe(0);
  });

  test('when Telegram does not tell, nobody is, until it does', async () => {
    const { emulator, heard } = await startListening();
    const group = emulator.group();
    emulator.fault({ kind: 'refuse', code: 500, method: 'getChatMember' });
    for (let times = 0; times < 2; times++) group.say(`/stop@${emulator.bot.user.username}`);
    await emulator.until(() => heard.length === 2);
    expect(heard.map(({ author }) => author.isAdmin)).toEqual([undefined, true]);
  });

  test('a question that is never answered does not keep the end', async () => {
    const emulator = await startTelegramEmulator({ pollSecondMs: 10 });
    emulator.fault({ kind: 'hang', method: 'getChatMember' });
    const { stop, heard } = await startListening({ emulator });
    emulator.group().say(`/stop@${emulator.bot.user.username}`);
    await emulator.until(() => looks(emulator) === 1);
    const late = new Promise<string>((resolve) => setTimeout(resolve, 1_500, 'too late'));
    expect(await Promise.race([stop(), late])).toBeUndefined();
    expect(heard).toEqual([]);
    expect(emulator.bot.updates.pending()).toBe(1);
  });
});

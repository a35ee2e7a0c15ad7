import { describe, expect, test } from 'vitest';
import { refused, startBot } from './telegram-bot.ts';

const keyboard = { reply_markup: { inline_keyboard: [[{ text: 'Stop', callback_data: 'stop:1' }]] } };

describe('the administrators of a group', () => {
  test('can be listed and looked up; other bots only when asked for', async () => {
    const { emulator, api } = await startBot();
    const group = emulator.group();
    const [admin, member] = [emulator.person({ name: 'Ada' }), emulator.person({ name: 'Bo' })];
    const other = emulator.addBot();
    group.promote(admin);
    group.as(member);
    group.addBot(other);
    group.promoteBot(other);
    const list = async (more = {}) =>
      (await api.getChatAdministrators(group.id, more)).map(({ user, status }) => [user.id, status]);
    const people = [
      [group.person.id, 'creator'],
      [admin.id, 'administrator'],
    ];
    expect(await list()).toEqual(people);
    expect(await list({ return_bots: true })).toEqual([...people, [other.user.id, 'administrator']]);
    expect(await api.getChatMember(group.id, admin.id)).toMatchObject({ status: 'administrator' });
    expect(await api.getChatMember(group.id, member.id)).toMatchObject({ status: 'member' });
    expect(await refused(api.getChatAdministrators(emulator.privateChat().id))).toBe(
      '400 Bad Request: there are no administrators in the private chat',
    );
    group.kickBot();
    const kicked = '403 Forbidden: bot was kicked from the group chat';
    expect(await refused(api.getChatAdministrators(group.id))).toBe(kicked);
    expect(await refused(api.getChatMember(group.id, admin.id))).toBe(kicked);
  });

  test('may hide behind the group when they write, not when they press a button', async () => {
    const { emulator, api } = await startBot({ privacy: false });
    const group = emulator.group({ kind: 'supergroup' });
    const admin = emulator.person({ name: 'Ada' });
    group.promote(admin, { anonymous: true });
    const { message_id } = await api.sendMessage(group.id, 'thinking', keyboard);
    group.as(admin).say('/reset');
    group.as(admin).press(message_id, 'stop:1');
    const [written, pressed] = await api.getUpdates();
    expect(written?.message).toMatchObject({
      from: { id: 1_087_968_824, username: 'GroupAnonymousBot', is_bot: true },
      sender_chat: { id: group.id, type: 'supergroup' },
    });
    expect(pressed?.callback_query?.from.id).toBe(admin.id);
    expect(await api.getChatMember(group.id, admin.id)).toMatchObject({ is_anonymous: true });
  });
});

describe('a button', () => {
  test('can be pressed by anybody in the group, and comes with its message', async () => {
    const { emulator, api } = await startBot();
    const group = emulator.group();
    const member = emulator.person({ name: 'Bo' });
    const { message_id } = await api.sendMessage(group.id, 'thinking', keyboard);
    expect(group.buttons(message_id)).toEqual([{ text: 'Stop', data: 'stop:1', url: undefined, row: 0 }]);
    group.as(member).press(message_id, 'stop:1');
    group.press(message_id, 'stop:1', { from: group.person });
    const presses = (await api.getUpdates()).map((update) => update.callback_query);
    expect(presses.map((press) => press?.from.id)).toEqual([member.id, group.person.id]);
    expect(presses[0]).toMatchObject({
      data: 'stop:1',
      message: { message_id, chat: { id: group.id }, reply_markup: keyboard.reply_markup },
    });
    expect(presses[0]?.chat_instance).toBe(presses[1]?.chat_instance);
  });

  test('is gone after an edit without it, and cannot be pressed any more', async () => {
    const { emulator, api } = await startBot();
    const chat = emulator.privateChat();
    const { message_id } = await api.sendMessage(chat.id, 'thinking', keyboard);
    await api.editMessageText(chat.id, message_id, 'done');
    expect(chat.buttons(message_id)).toEqual([]);
    expect(() => chat.press(message_id, 'stop:1')).toThrow('no button');
  });
});

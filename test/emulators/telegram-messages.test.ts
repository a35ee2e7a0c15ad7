import type { InlineKeyboardMarkup } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { frozenClock, refused, startBot } from './telegram-bot.ts';

const keyboard = (callback_data: string): { reply_markup: InlineKeyboardMarkup } => ({
  reply_markup: { inline_keyboard: [[{ text: 'Stop', callback_data }]] },
});

const notModified =
  '400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message';

describe('a message', () => {
  test('is shown with the texts that it had', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ now: clock.now });
    const lin = emulator.privateChat();
    const first = await api.sendMessage(lin.id, 'one');
    expect(first).toMatchObject({ message_id: 1, date: 1_800_000_000, from: { is_bot: true }, text: 'one' });
    expect(first.chat).toEqual({ id: lin.id, first_name: 'Lin', type: 'private' });
    clock.advance(2000);
    const edited = await api.editMessageText(lin.id, 1, 'one two');
    expect(edited).toMatchObject({ edit_date: 1_800_000_002 });
    await api.deleteMessage(lin.id, (await api.sendMessage(lin.id, 'gone')).message_id);
    expect(emulator.shown(lin.id)).toMatchObject([
      { messageId: 1, text: 'one two', history: [{ text: 'one' }, { text: 'one two' }], deleted: false },
      { messageId: 2, text: 'gone', deleted: true },
    ]);
  });

  test('is numbered by one counter for the private chats and basic groups of a bot, in a supergroup by its own', async () => {
    const { emulator, api } = await startBot();
    const [lin, group] = [emulator.privateChat(), emulator.group()];
    const [one, two] = [emulator.group({ kind: 'supergroup' }), emulator.forum()];
    const ids: number[] = [];
    for (const chat of [lin, one, group, two, lin, one]) {
      ids.push(chat.say('hi').message_id, (await api.sendMessage(chat.id, 'hi')).message_id);
    }
    expect(ids).toEqual([1, 2, 2, 3, 3, 4, 2, 3, 5, 6, 4, 5]);
    const other = emulator.privateChat(emulator.person(), emulator.addBot());
    expect(other.say('hi').message_id).toBe(1);
    expect(await refused(api.editMessageText(lin.id, 4, 'x'))).toBe(
      '400 Bad Request: message to edit not found',
    );
  });

  test('must go to a chat that the bot has met', async () => {
    const { emulator, api } = await startBot();
    expect(await refused(api.sendMessage(99, 'hi'))).toBe('400 Bad Request: chat not found');
    expect(await refused(api.sendMessage('', 'hi'))).toBe('400 Bad Request: chat_id is empty');
    const group = emulator.group({ kind: 'supergroup', username: 'readers' });
    expect(await refused(api.sendMessage('@readers', 'hi'))).toBe('accepted');
    expect(emulator.shown(group.id)).toHaveLength(1);
  });

  test('answers a message that is there, or none when that is allowed', async () => {
    const { emulator, api } = await startBot();
    const chat = emulator.privateChat();
    const question = chat.say('why?');
    const answer = (message_id: number, more = {}) =>
      api.sendMessage(chat.id, 'so', { reply_parameters: { message_id, ...more } });
    expect((await answer(question.message_id)).reply_to_message).toMatchObject({ text: 'why?' });
    expect(emulator.shown(chat.id)).toMatchObject([{ replyTo: question.message_id }]);
    expect(await refused(answer(404))).toBe('400 Bad Request: message to be replied not found');
    expect((await answer(404, { allow_sending_without_reply: true })).reply_to_message).toBeUndefined();
    expect((await answer(question.message_id, { quote: 'why' })).quote).toMatchObject({ position: 0 });
    expect(await refused(answer(question.message_id, { quote: 'how' }))).toBe(
      '400 Bad Request: QUOTE_TEXT_INVALID',
    );
  });
});

describe('an edit', () => {
  test('must change what is seen', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const { message_id } = await api.sendMessage(id, 'text', keyboard('a'));
    expect(await refused(api.editMessageText(id, message_id, ' text ', keyboard('a')))).toBe(notModified);
    expect(await refused(api.editMessageText(id, message_id, 'text', keyboard('b')))).toBe('accepted');
    expect(await refused(api.editMessageReplyMarkup(id, message_id, keyboard('b')))).toBe(notModified);
    expect(await refused(api.editMessageReplyMarkup(id, message_id))).toBe('accepted');
    const entities = [{ type: 'bold' as const, offset: 0, length: 4 }];
    expect(await refused(api.editMessageText(id, message_id, 'text', { entities }))).toBe('accepted');
    const link_preview_options = { is_disabled: true };
    expect(
      await refused(api.editMessageText(id, message_id, 'text', { entities, link_preview_options })),
    ).toBe(notModified);
    expect(await refused(api.editMessageText(id, message_id, ''))).toBe(
      '400 Bad Request: message text is empty',
    );
  });

  test('takes the buttons away unless it brings them again', async () => {
    const { emulator, api } = await startBot();
    const { id } = emulator.privateChat();
    const { message_id } = await api.sendMessage(id, 'text', keyboard('a'));
    await api.editMessageText(id, message_id, 'more', keyboard('a'));
    expect(emulator.shown(id)[0]?.keyboard?.inline_keyboard).toHaveLength(1);
    await api.editMessageText(id, message_id, 'most');
    expect(emulator.shown(id)[0]?.keyboard).toBeUndefined();
  });

  test('is for messages of the bot that are still there', async () => {
    const { emulator, api } = await startBot();
    const chat = emulator.privateChat();
    const mine = await api.sendMessage(chat.id, 'mine');
    const theirs = chat.say('theirs');
    const edit = (id: number, text = 'x') => refused(api.editMessageText(chat.id, id, text));
    expect(await edit(mine.message_id)).toBe('accepted');
    expect(await edit(theirs.message_id)).toBe("400 Bad Request: message can't be edited");
    expect(await edit(404)).toBe('400 Bad Request: message to edit not found');
    expect(await edit(0)).toBe('400 Bad Request: invalid message identifier specified');
    chat.remove(mine.message_id);
    expect(await edit(mine.message_id, 'y')).toBe('400 Bad Request: message to edit not found');
  });
});

describe('deleting', () => {
  test('works on what is there, and on other people only in private or as administrator', async () => {
    const clock = frozenClock();
    const { emulator, api } = await startBot({ now: clock.now });
    const [chat, group] = [emulator.privateChat(), emulator.group()];
    const remove = (id: number, message: number) => refused(api.deleteMessage(id, message));
    expect(await remove(chat.id, 404)).toBe('400 Bad Request: message to delete not found');
    expect(await remove(chat.id, chat.say('hi').message_id)).toBe('accepted');
    const said = group.say('hi').message_id;
    expect(await remove(group.id, said)).toBe("400 Bad Request: message can't be deleted");
    group.promoteBot();
    expect(await remove(group.id, said)).toBe('accepted');
    const old = (await api.sendMessage(chat.id, 'old')).message_id;
    clock.advance(49 * 3_600_000);
    expect(await remove(chat.id, old)).toBe("400 Bad Request: message can't be deleted for everyone");
  });
});

describe('a place that is closed to the bot', () => {
  test('says why, and is open again afterwards', async () => {
    const { emulator, api } = await startBot();
    const [chat, group] = [emulator.privateChat(), emulator.group()];
    const supergroup = emulator.group({ kind: 'supergroup' });
    const send = (id: number) => refused(api.sendMessage(id, 'hi'));
    chat.block();
    expect(await send(chat.id)).toBe('403 Forbidden: bot was blocked by the user');
    chat.unblock();
    expect(await send(chat.id)).toBe('accepted');
    group.kickBot();
    expect(await send(group.id)).toBe('403 Forbidden: bot was kicked from the group chat');
    group.addBot();
    expect(await send(group.id)).toBe('accepted');
    supergroup.removeBot();
    expect(await send(supergroup.id)).toBe('403 Forbidden: bot is not a member of the supergroup chat');
    chat.deleteAccount();
    expect(await send(chat.id)).toBe('403 Forbidden: user is deactivated');
  });

  test('a group that became a supergroup says where it went', async () => {
    const { emulator, api } = await startBot();
    const group = emulator.group();
    const upgraded = group.upgradeToSupergroup();
    const error = await api.sendMessage(group.id, 'hi').catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      description: 'Bad Request: group chat was upgraded to a supergroup chat',
      parameters: { migrate_to_chat_id: upgraded.id },
    });
    expect(await refused(api.sendMessage(upgraded.id, 'hi'))).toBe('accepted');
    expect(await api.getUpdates()).toMatchObject([
      { message: { chat: { id: group.id, type: 'group' }, migrate_to_chat_id: upgraded.id } },
      {
        message: {
          message_id: 1,
          chat: { id: upgraded.id, type: 'supergroup' },
          migrate_from_chat_id: group.id,
        },
      },
    ]);
  });
});

describe('topics', () => {
  test('take messages by their number, the General topic by none', async () => {
    const { emulator, api } = await startBot();
    const forum = emulator.forum();
    const topic = forum.topic('Books');
    const send = (message_thread_id: number) => api.sendMessage(forum.id, 'hi', { message_thread_id });
    expect(await send(topic.id)).toMatchObject({
      message_thread_id: topic.id,
      is_topic_message: true,
      reply_to_message: { forum_topic_created: { name: 'Books' } },
    });
    expect(await refused(send(1))).toBe('400 Bad Request: message thread not found');
    expect(await refused(send(404))).toBe('400 Bad Request: message thread not found');
    expect((await api.sendMessage(forum.id, 'general')).message_thread_id).toBeUndefined();
    expect(await refused(api.sendChatAction(forum.id, 'typing', { message_thread_id: 1 }))).toBe('accepted');
    expect(emulator.shown(forum.id, topic.id)).toHaveLength(1);
    expect(emulator.shown(forum.id)).toHaveLength(2);
  });

  test('an answer without a number goes to the topic of the question', async () => {
    const { emulator, api } = await startBot();
    const forum = emulator.forum();
    const topic = forum.topic('Books');
    const { message_id } = topic.say('which one?');
    const sent = await api.sendMessage(forum.id, 'this', { reply_parameters: { message_id } });
    expect(sent).toMatchObject({ message_thread_id: topic.id, reply_to_message: { text: 'which one?' } });
  });

  test('closed ones take nothing but from administrators, deleted ones are not there', async () => {
    const { emulator, api } = await startBot();
    const forum = emulator.forum();
    const topic = forum.topic('Books');
    const send = () => refused(api.sendMessage(forum.id, 'hi', { message_thread_id: topic.id }));
    topic.close();
    expect(await send()).toBe('400 Bad Request: TOPIC_CLOSED');
    forum.promoteBot();
    expect(await send()).toBe('accepted');
    topic.reopen();
    expect(await send()).toBe('accepted');
    topic.remove();
    expect(await send()).toBe('400 Bad Request: message thread not found');
  });

  test('exist in private chats of bots that have them', async () => {
    const { emulator, api } = await startBot({ topics: true });
    expect(await api.getMe()).toMatchObject({ has_topics_enabled: true });
    const chat = emulator.privateChat();
    const topic = chat.topic('Trip');
    const sent = await api.sendMessage(chat.id, 'hi', { message_thread_id: topic.id });
    expect(sent).toMatchObject({ message_thread_id: topic.id, is_topic_message: true });
    expect(await refused(api.sendMessage(chat.id, 'hi', { message_thread_id: 9 }))).toBe(
      '400 Bad Request: message thread not found',
    );
  });
});

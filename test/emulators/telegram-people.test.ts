import { InputFile } from 'grammy';
import type { Message } from 'grammy/types';
import { describe, expect, test } from 'vitest';
import { startBot } from './telegram-bot.ts';

describe('what people write arrives with the fields of the real server', () => {
  test('who, where, when, and the entities in it', async () => {
    const { emulator, api } = await startBot();
    const person = emulator.person({ name: 'Ada', username: 'ada', locale: 'de' });
    emulator.privateChat(person).say('/start see https://a.test');
    const [update] = await api.getUpdates();
    expect(update?.message).toEqual({
      message_id: 1,
      from: { id: person.id, is_bot: false, first_name: 'Ada', username: 'ada', language_code: 'de' },
      chat: { id: person.id, first_name: 'Ada', username: 'ada', type: 'private' },
      date: expect.any(Number),
      text: '/start see https://a.test',
      entities: [
        { type: 'bot_command', offset: 0, length: 6 },
        { type: 'url', offset: 11, length: 14 },
      ],
    });
  });

  test('photos, voice, stickers, files, places and films, with captions and albums', async () => {
    const { emulator, api } = await startBot();
    const chat = emulator.privateChat();
    chat.send('photo', { caption: 'hi @somebody', mediaGroupId: '7' });
    chat.send('voice');
    chat.send('sticker');
    chat.send('document', { fileName: 'a.csv', mimeType: 'text/csv' });
    chat.send('location');
    chat.send('video');
    const [photo, voice, sticker, document, location, video] = (await api.getUpdates()).map((u) => u.message);
    expect(photo).toMatchObject({ caption: 'hi @somebody', media_group_id: '7' });
    expect(photo?.caption_entities).toEqual([{ type: 'mention', offset: 3, length: 9 }]);
    expect(photo?.photo?.map(({ width }) => width)).toEqual([90, 320, 800]);
    expect(new Set(photo?.photo?.map(({ file_id }) => file_id)).size).toBe(3);
    expect(voice?.voice).toMatchObject({ duration: 3, mime_type: 'audio/ogg' });
    expect(sticker?.sticker).toMatchObject({ type: 'regular', emoji: '👋' });
    expect(document?.document).toMatchObject({ file_name: 'a.csv', mime_type: 'text/csv' });
    expect(location?.location).toMatchObject({ latitude: expect.any(Number) });
    expect(video?.video).toMatchObject({ duration: 5 });
  });

  test('in a topic every message belongs to it and answers its opening, unless it answers another', async () => {
    const { emulator, api } = await startBot({ privacy: false });
    const forum = emulator.forum();
    const topic = forum.topic('Books');
    const first = topic.say('first');
    topic.say('second', { replyTo: first.message_id });
    forum.say('general');
    const [opening, one, two, general] = (await api.getUpdates()).map(({ message }) => message);
    expect(opening).toMatchObject({ forum_topic_created: { name: 'Books' }, is_topic_message: true });
    const inTopic = { message_thread_id: topic.id, is_topic_message: true, chat: { is_forum: true } };
    expect(one).toMatchObject({ ...inTopic, reply_to_message: { message_id: topic.id } });
    expect(two).toMatchObject({ ...inTopic, reply_to_message: { text: 'first' } });
    expect((two?.reply_to_message as Message | undefined)?.reply_to_message).toBeUndefined();
    expect(general?.message_thread_id).toBeUndefined();
    expect(general?.is_topic_message).toBeUndefined();
  });

  test('outside forums a supergroup numbers reply threads, which are no topics; a group does not', async () => {
    const { emulator, api } = await startBot({ privacy: false });
    for (const kind of ['supergroup', 'group'] as const) {
      const group = emulator.group({ kind });
      const root = group.say('root');
      const reply = group.say('reply', { replyTo: root.message_id });
      group.say('deeper', { replyTo: reply.message_id });
    }
    const messages = (await api.getUpdates()).map(({ message }) => message);
    expect(messages.map((message) => message?.message_thread_id)).toEqual([
      undefined,
      messages[0]?.message_id,
      messages[0]?.message_id,
      undefined,
      undefined,
      undefined,
    ]);
    expect(messages.every((message) => message?.is_topic_message === undefined)).toBe(true);
  });

  test('service messages and changes of the bot itself', async () => {
    const { emulator, api } = await startBot();
    const chat = emulator.privateChat();
    const group = emulator.group();
    chat.block();
    chat.unblock();
    const { message_id } = await api.sendMessage(group.id, 'hi');
    group.pin(message_id);
    group.kickBot();
    group.say('unheard @coze_emulated_bot');
    group.addBot();
    const updates = await api.getUpdates();
    expect(
      updates.flatMap(({ my_chat_member: change }) =>
        change === undefined ? [] : `${change.old_chat_member.status} > ${change.new_chat_member.status}`,
      ),
    ).toEqual(['member > kicked', 'kicked > member', 'member > kicked', 'left > member']);
    expect(updates.flatMap(({ message }) => message ?? [])).toMatchObject([
      { pinned_message: { message_id } },
      { new_chat_members: [{ id: emulator.bot.user.id }] },
    ]);
  });
});

test('two bots of one person have two private chats, and each only its own', async () => {
  const { emulator, api } = await startBot();
  const person = emulator.person();
  const other = emulator.addBot({ username: 'second_bot' });
  emulator.privateChat(person).say('to the first');
  emulator.privateChat(person, other).say('to the second');
  expect((await api.getUpdates()).map(({ message }) => message?.text)).toEqual(['to the first']);
  expect(other.updates.pending()).toBe(1);
});

test('the same controls are there over HTTP', async () => {
  const { emulator, api } = await startBot();
  const ask = async (path: string, body?: object) => {
    const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${emulator.url}/_emulator/${path}`, request);
    const { result, ok } = (await response.json()) as { result: unknown; ok: boolean };
    return ok ? result : response.status;
  };
  const { id } = (await ask('chats', { type: 'private', name: 'Ada' })) as { id: number };
  const forum = (await ask('chats', { type: 'forum', topics: ['Books'] })) as {
    id: number;
    topics: { id: number }[];
  };
  const topic = forum.topics[0]?.id;
  expect(await ask('say', { chat: id, text: 'hi' })).toMatchObject({
    text: 'hi',
    from: { first_name: 'Ada' },
  });
  expect(await ask('say', { chat: forum.id, topic, text: '/start' })).toMatchObject({
    message_thread_id: topic,
  });
  expect((await api.getUpdates()).map(({ message }) => message?.text)).toEqual([undefined, 'hi', '/start']);
  expect(await ask('fault', { kind: 'refuse', code: 500 })).toBe(true);
  await api.sendMessage(id, 'lost').catch(() => undefined);
  await api.sendMessage(id, 'kept');
  await api.sendChatAction(id, 'typing');
  expect(await ask(`shown?chat=${id}`)).toMatchObject([{ text: 'kept' }]);
  expect(await ask(`typing?chat=${id}`)).toMatchObject([{ action: 'typing' }]);
  expect(await ask(`drafts?chat=${id}`)).toEqual([]);
  expect(await ask('calls')).toHaveLength(4);
  expect(await ask('chats')).toMatchObject([{ id }, { id: forum.id, topics: [{ name: 'Books' }] }]);
  const reply_markup = { inline_keyboard: [[{ text: 'Go', callback_data: 'go' }]] };
  const { message_id } = await api.sendMessage(id, 'press me', { reply_markup });
  expect(await ask('press', { chat: id, message: message_id, data: 'go' })).toMatchObject({
    id: expect.any(String),
  });
  await api.sendMessageDraft(id, 4, 'x', { can_stop: true });
  expect(await ask('stop', { chat: id })).toBe(true);
  const file = new InputFile(Buffer.from('all of it'), 'answer.md');
  await api.sendDocument(id, file);
  const last = ((await ask(`shown?chat=${id}`)) as object[]).at(-1);
  expect(last).toMatchObject({ document: { fileName: 'answer.md', content: 'all of it' } });
  expect(JSON.stringify(last)).not.toContain('bytes":');
  expect(await ask('say', { chat: 5, text: 'nobody' })).toBe(404);
  expect(await ask('fault', { kind: 'earthquake' })).toBe(400);
});

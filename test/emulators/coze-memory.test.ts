import { describe, expect, test } from 'vitest';
import { answersOf, ask, clientOf, emulate, idsOf, said } from './coze-client.ts';

describe('memory', () => {
  test('an earlier question and its answer are the context of the next one', async () => {
    const { emulator, api } = await emulate();
    emulator.answer(({ text, context, count }) => ({
      steps: [{ say: `${count}: ${text} after ${context.map((said) => `${said.role} ${said.text}`)}` }],
    }));
    const { conversationId: conversation_id } = idsOf(await ask(api, 'one'));
    expect(answersOf(await ask(api, 'two', { conversation_id }))).toEqual([
      '2: two after user one,assistant 1: one after ',
    ]);
  });

  test('messages sent along are context too, and the last one is the question', async () => {
    const { emulator, api } = await emulate();
    emulator.answer(({ text, context }) => ({ steps: [{ say: `${text} after ${context.length}` }] }));
    const seen = await ask(api, '', { additional_messages: [said('a'), said('b'), said('c')] });
    expect(answersOf(seen)).toEqual(['c after 2']);
  });

  test('clear begins a new section: forgotten, but still listed', async () => {
    const { emulator, api } = await emulate();
    const first = await ask(api, 'one');
    const { conversationId: conversation_id } = idsOf(first);
    const cleared = await api.conversations.clear(conversation_id);
    expect(cleared).toMatchObject({ conversation_id });
    expect(cleared.id).not.toBe(first.events[0]?.data.section_id);
    expect((await api.conversations.retrieve(conversation_id)).last_section_id).toBe(cleared.id);
    expect(emulator.conversations()[0]?.remembered).toEqual([]);
    expect((await ask(api, 'two', { conversation_id })).events[0]?.data.section_id).toBe(cleared.id);
    const { data } = await api.conversations.messages.list(conversation_id, { order: 'asc' });
    expect(data.filter(({ type }) => type === 'question').map(({ content }) => content)).toEqual([
      'one',
      'two',
    ]);
  });

  test('a conversation is another’s only through their own token', async () => {
    const { api, url } = await emulate();
    const { conversationId, chatId } = idsOf(await ask(api, 'one'));
    const other = clientOf(url, 'pat_other');
    const seen = await ask(other, 'two', { conversation_id: conversationId });
    expect(seen.events).toMatchObject([{ event: 'error', data: { code: 4002 } }]);
    await expect(other.conversations.clear(conversationId)).rejects.toMatchObject({ code: 4002 });
    await expect(other.chat.retrieve(conversationId, chatId)).rejects.toMatchObject({ code: 4002 });
    await expect(other.chat.cancel(conversationId, chatId)).rejects.toMatchObject({ code: 4002 });
  });

  test('a conversation can be made beforehand, with messages in it', async () => {
    const { api } = await emulate();
    const { id } = await api.conversations.create({ messages: [said('before')], meta_data: { a: 'b' } });
    expect(await api.conversations.retrieve(id)).toMatchObject({ id, meta_data: { a: 'b' } });
    const seen = await ask(api, 'now', { conversation_id: id });
    expect(idsOf(seen).conversationId).toBe(id);
    expect(answersOf(seen)[0]).toContain('1 earlier message');
  });

  test('lists the messages of a conversation page by page, with their meta_data', async () => {
    const { emulator, api } = await emulate();
    emulator.answer(({ text }) => ({ steps: [{ say: `re ${text}` }] }));
    const { id } = await api.conversations.create({});
    for (const text of ['one', 'two', 'three'])
      await ask(api, text, {
        conversation_id: id,
        additional_messages: [{ ...said(text), meta_data: { turn: text } }],
      });
    const contents = (page: { data: { content: string }[] }) => page.data.map(({ content }) => content);
    const first = await api.conversations.messages.list(id, { limit: 4 });
    expect(contents(first)).toEqual(['re three', 'three', 're two', 'two']);
    expect(first).toMatchObject({ has_more: true, last_id: first.data[3]?.id });
    expect(first.data[1]?.meta_data).toEqual({ turn: 'three' });
    const second = await api.conversations.messages.list(id, { limit: 4, after_id: first.last_id });
    expect(contents(second)).toEqual(['re one', 'one']);
    expect(second.has_more).toBe(false);
    const back = await api.conversations.messages.list(id, { limit: 3, before_id: second.first_id });
    expect(contents(back)).toEqual(['three', 're two', 'two']);
    expect(contents(await api.conversations.messages.list(id, { order: 'asc', limit: 2 }))).toEqual([
      'one',
      're one',
    ]);
  });

  test('auto_save_history=false leaves no trace', async () => {
    const { emulator, api } = await emulate();
    const { conversationId, chatId } = idsOf(await ask(api, 'secret', { auto_save_history: false }));
    await expect(api.chat.retrieve(conversationId, chatId)).rejects.toMatchObject({ code: 4001 });
    await expect(api.chat.messages.list(conversationId, chatId)).rejects.toMatchObject({ code: 4001 });
    expect(emulator.conversations()[0]?.remembered).toEqual([]);
  });

  test('what is old can be forgotten, so that it does not grow for ever; what still runs stays', async () => {
    const { emulator, api, url } = await emulate();
    const { conversationId: conversation_id, chatId } = idsOf(await ask(api, 'one'));
    emulator.answer({ steps: [{ waitMs: 60_000 }] });
    const other = await fetch(`${url}/v3/chat`, {
      method: 'POST',
      headers: { authorization: 'Bearer pat_other', 'content-type': 'application/json' },
      body: JSON.stringify({ bot_id: '1', user_id: 'u', stream: true, additional_messages: [said('two')] }),
    });
    emulator.forget(60_000);
    expect(emulator.chats()).toHaveLength(2);
    emulator.forget(-2_000);
    expect(emulator.chats().map(({ status }) => status)).toEqual(['in_progress']);
    expect(emulator.requests).toEqual([]);
    await expect(api.chat.retrieve(conversation_id, chatId)).rejects.toMatchObject({ code: 4001 });
    expect(emulator.conversations()[0]).toMatchObject({ id: conversation_id, remembered: [] });
    await other.body?.cancel();
  });
});

import { describe, expect, test } from 'vitest';
import {
  answersOf,
  ask,
  begin,
  collect,
  deltasOf,
  emulate,
  gate,
  idsOf,
  namesOf,
  play,
} from './coze-client.ts';

describe('follow-ups', () => {
  const script = { steps: [{ say: ['Yes'] }], followUps: ['Why?', 'And then?'] };

  test('come completed only, after the answer and before the end of the chat', async () => {
    const { seen, emulator } = await play(script);
    expect(namesOf(seen).slice(2)).toEqual([
      'message.delta',
      'completed answer',
      'completed verbose',
      'completed follow_up',
      'completed follow_up',
      'chat.completed',
      'done',
    ]);
    expect(deltasOf(seen)).toBe('Yes');
    expect(emulator.chats()[0]).toMatchObject({ answers: ['Yes'], followUps: ['Why?', 'And then?'] });
  });

  test('are in the list of the chat, and neither in that of the conversation nor in its memory', async () => {
    const { seen, api, emulator } = await play(script);
    const { conversationId, chatId } = idsOf(seen);
    const listed = await api.chat.messages.list(conversationId, chatId);
    const followUps = listed.filter(({ type }) => type === 'follow_up');
    expect(followUps.map(({ content, role }) => [content, role])).toEqual([
      ['Why?', 'assistant'],
      ['And then?', 'assistant'],
    ]);
    const { data } = await api.conversations.messages.list(conversationId, { order: 'asc' });
    expect(data.map(({ type }) => type)).toEqual(['question', 'answer']);
    expect(emulator.conversations()[0]?.remembered.map(({ text }) => text)).toEqual(['hi', 'Yes']);
  });

  test('are offered by the default bot', async () => {
    const { emulator, api } = await emulate();
    await ask(api, 'hi');
    expect(emulator.chats()[0]?.followUps.length).toBeGreaterThan(0);
  });
});

describe('reasoning', () => {
  test.each([true, false])('is repeated by the completed answer and the list, or not: %s', async (keeps) => {
    const steps = [{ think: ['hm, ', 'yes'] }, { say: ['Yes'] }];
    const { seen, api } = await play({ steps, keepsReasoning: keeps });
    const { conversationId, chatId } = idsOf(seen);
    const isAnswer = ({ type }: { type: string }) => type === 'answer';
    const listed = (await api.chat.messages.list(conversationId, chatId)).find(isAnswer);
    const completed = seen.events.find(
      ({ event, data }) => event.endsWith('message.completed') && isAnswer(data),
    );
    for (const message of [listed, completed?.data]) {
      expect(message).toMatchObject({ content: 'Yes' });
      expect(message.reasoning_content).toBe(keeps ? 'hm, yes' : undefined);
    }
    const thought = seen.events.filter(({ event }) => event.endsWith('.delta'));
    expect(thought.map(({ data }) => data.reasoning_content ?? '').join('')).toBe('hm, yes');
  });
});

describe('a cancelled chat', () => {
  test('streams on to its usual end, is billed, and stays cancelled for whoever asks', async () => {
    const { emulator, api } = await emulate();
    const { until, open } = gate();
    emulator.answer({ steps: [{ say: ['a'] }, { until }, { say: ['b'] }], followUps: ['Why?'] });
    const { stream, conversation_id, id } = await begin(api, 'one');
    await api.chat.cancel(conversation_id, id);
    expect(emulator.chats()[0]).toMatchObject({ status: 'canceled', running: false });
    open();
    const seen = await collect(stream);
    expect(namesOf(seen).slice(-4)).toEqual([
      'completed verbose',
      'completed follow_up',
      'chat.completed',
      'done',
    ]);
    expect(answersOf(seen)).toEqual(['ab']);
    const chat = await api.chat.retrieve(conversation_id, id);
    expect(chat.status).toBe('canceled');
    expect(chat.usage?.output_count).toBeGreaterThan(0);
  });

  test('is forgotten, its question and its answer, while the turns around it are remembered', async () => {
    const { emulator, api } = await emulate();
    emulator.answer({ steps: [{ say: ['first'] }] });
    const { conversationId: conversation_id } = idsOf(await ask(api, 'one'));
    const { until, open } = gate();
    emulator.answer({ steps: [{ say: ['second'] }, { until }] });
    const stream = api.chat.stream({
      bot_id: '7379462189365198898',
      user_id: 'u1',
      conversation_id,
      additional_messages: [{ role: 'user' as never, content: 'two', content_type: 'text' }],
    });
    const reading = collect(stream);
    await expect.poll(() => emulator.chats()[1]?.status).toBe('in_progress');
    await api.chat.cancel(conversation_id, emulator.chats()[1]?.id ?? '');
    open();
    await reading;
    emulator.answer(({ context }) => ({ steps: [{ say: context.map(({ text }) => text).join() }] }));
    expect(answersOf(await ask(api, 'three', { conversation_id }))).toEqual(['one,first']);
  });
});

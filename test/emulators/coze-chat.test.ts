import { describe, expect, test, vi } from 'vitest';
import {
  answersOf,
  ask,
  begin,
  botId,
  call,
  collect,
  deltasOf,
  emulate,
  gate,
  idsOf,
  namesOf,
  request,
} from './coze-client.ts';

describe('a chat', () => {
  test('streams to the official SDK in the order of the real service', async () => {
    const { emulator, api } = await emulate();
    emulator.answer({ steps: [{ say: 'Hello, 世界 👩‍💻!' }], followUps: ['More?'] });
    const seen = await ask(api, 'hi');
    expect(seen.error).toBeUndefined();
    expect(namesOf(seen)).toEqual([
      'chat.created',
      'chat.in_progress',
      'message.delta',
      'completed answer',
      'completed verbose',
      'completed follow_up',
      'chat.completed',
      'done',
    ]);
    expect(deltasOf(seen)).toBe('Hello, 世界 👩‍💻!');
    expect(answersOf(seen)).toEqual(['Hello, 世界 👩‍💻!']);
  });

  test('has ids of 19 digits that no number can hold, and stubs where there is nothing', async () => {
    const { api } = await emulate();
    const created = (await ask(api, 'hi')).events[0]?.data;
    for (const id of [created.id, created.conversation_id, created.section_id]) {
      expect(id).toMatch(/^\d{19}$/);
      expect(Number(id)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
    }
    expect(created).toMatchObject({
      status: 'created',
      last_error: { code: 0, msg: '' },
      required_action: { type: '' },
    });
  });

  test('tells its usage when completed, and ends in a quoted done', async () => {
    const { emulator, api, url } = await emulate();
    emulator.answer({ steps: [{ say: 'x' }], usage: { input: 10, output: 2 } });
    const completed = (await ask(api, 'hi')).events.at(-2)?.data;
    expect(completed.status).toBe('completed');
    expect(completed.usage).toEqual({ token_count: 12, output_count: 2, input_count: 10 });
    const raw = await call(url, '/v3/chat', { ...request('hi'), stream: true });
    expect(raw.text).toMatch(/^event:conversation\.chat\.created\ndata:\{/);
    expect(raw.text.endsWith('event:done\ndata:"[DONE]"\n\n')).toBe(true);
    expect(raw.headers.get('x-tt-logid')).toMatch(/^\d{14}[0-9A-F]{20}$/);
  });

  test('without a stream answers at once, and is polled', async () => {
    const { emulator, api } = await emulate();
    const { until, open } = gate();
    emulator.answer({ steps: [{ until }, { say: 'at last' }] });
    const { id, conversation_id } = await api.chat.create(request('hi'));
    expect((await api.chat.retrieve(conversation_id, id)).status).toBe('in_progress');
    expect(await api.chat.messages.list(conversation_id, id)).toEqual([]);
    open();
    await vi.waitFor(async () =>
      expect((await api.chat.retrieve(conversation_id, id)).status).toBe('completed'),
    );
    const messages = await api.chat.messages.list(conversation_id, id);
    expect(messages.map(({ type }) => type)).toEqual(['verbose', 'answer']);
    expect(messages[1]?.content).toBe('at last');
  });

  test('lists its messages in another order than they came, without the question', async () => {
    const { emulator, api } = await emulate();
    emulator.answer({
      steps: [
        { tool: 'search', arguments: { q: 'x' }, output: '{}' },
        { say: 'one', as: 'a' },
        { say: 'two', as: 'b' },
      ],
      followUps: ['More?'],
    });
    const { conversationId, chatId } = idsOf(await ask(api, 'hi'));
    const list = await api.chat.messages.list(conversationId, chatId);
    expect(list.map(({ type }) => type as string)).toEqual([
      'verbose',
      'follow_up',
      'answer',
      'answer',
      'function_call',
      'tool_response',
    ]);
  });
});

describe('one chat at a time', () => {
  test('a second one is refused while the first runs, and welcome after it', async () => {
    const { emulator, api } = await emulate();
    const { until, open } = gate();
    emulator.answer({ steps: [{ say: 'a' }, { until }] });
    const { stream, conversation_id } = await begin(api, 'one');
    const refused = await ask(api, 'two', { conversation_id });
    expect(refused.events).toMatchObject([{ event: 'error', data: { code: 4016 } }]);
    expect(emulator.requests.at(-1)).toMatchObject({ status: 200, code: 4016 });
    open();
    await collect(stream);
    expect(namesOf(await ask(api, 'three', { conversation_id })).at(-1)).toBe('done');
  });

  test('it runs on when its client has gone', async () => {
    const { emulator, api } = await emulate();
    const { until, open } = gate();
    emulator.answer({ steps: [{ say: 'a' }, { until }, { say: 'b' }] });
    const leaving = new AbortController();
    const { conversation_id, id } = await begin(api, 'one', leaving.signal);
    leaving.abort();
    await vi.waitFor(() => expect(emulator.requests[0]?.broken).toBe(true));
    expect((await ask(api, 'two', { conversation_id })).events[0]?.data.code).toBe(4016);
    open();
    await vi.waitFor(async () =>
      expect((await api.chat.retrieve(conversation_id, id)).status).toBe('completed'),
    );
    expect(emulator.chats()[0]?.answers).toEqual(['ab']);
  });

  test('cancel frees the conversation at once, the stream flows on, and the turn is forgotten', async () => {
    const { emulator, api } = await emulate();
    const { until, open } = gate();
    emulator.answer({ steps: [{ say: 'a' }, { until }, { say: 'b' }] });
    const { stream, conversation_id, id } = await begin(api, 'one');
    expect((await api.chat.cancel(conversation_id, id)).status).toBe('canceled');
    emulator.answer(({ context }) => ({ steps: [{ say: `after ${context.length}` }] }));
    expect(answersOf(await ask(api, 'two', { conversation_id }))).toEqual(['after 0']);
    open();
    const rest = await collect(stream);
    expect(deltasOf(rest)).toContain('b');
    expect(namesOf(rest).at(-1)).toBe('done');
    expect((await api.chat.retrieve(conversation_id, id)).status).toBe('canceled');
    expect(answersOf(await ask(api, 'three', { conversation_id }))).toEqual(['after 2']);
  });

  test('what is over cannot be cancelled', async () => {
    const { api } = await emulate();
    const { conversationId, chatId } = idsOf(await ask(api, 'one'));
    await expect(api.chat.cancel(conversationId, chatId)).rejects.toMatchObject({ code: 4104 });
  });
});

describe('the rest of the API', () => {
  test('knows its bots and its user', async () => {
    const { api } = await emulate({ bots: { [botId]: { published: true, name: 'Ada' } } });
    const bot = await api.bots.retrieveNew(botId, { is_published: true });
    expect(bot).toMatchObject({ bot_id: botId, name: 'Ada' });
    expect((await api.users.me()).user_name).toBe('emulated');
  });

  test('what is not there is a 404 in JSON', async () => {
    const { url } = await emulate();
    const reply = await call(url, '/v9/nothing');
    expect(reply).toMatchObject({ status: 404, json: { code: 4200 } });
    expect(reply.json.detail.logid).toBe(reply.headers.get('x-tt-logid'));
  });

  test('a chat can be asked for by GET and by POST without a body', async () => {
    const { api, url } = await emulate();
    const { conversationId, chatId } = idsOf(await ask(api, 'one'));
    const query = `?conversation_id=${conversationId}&chat_id=${chatId}`;
    for (const path of ['/v3/chat/retrieve', '/v3/chat/message/list'])
      for (const body of [undefined, ''])
        expect((await call(url, path + query, body)).json).toMatchObject({ code: 0 });
  });
});

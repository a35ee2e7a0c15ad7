import { CozeError } from '@coze/api';
import { describe, expect, test } from 'vitest';
import {
  answersOf,
  ask,
  begin,
  call,
  collect,
  emulate,
  gate,
  idsOf,
  namesOf,
  request,
} from './coze-client.ts';

const studio = () => emulate({ profile: 'studio' });

describe('Coze Studio', () => {
  test('ends in an event of its own, at which the SDK throws after the whole answer', async () => {
    const { emulator, api, url } = await studio();
    emulator.answer({ steps: [{ say: 'whole' }] });
    const seen = await ask(api, 'hi');
    expect(answersOf(seen)).toEqual(['whole']);
    expect(seen.error).toBeInstanceOf(CozeError);
    const { text, headers } = await call(url, '/v3/chat', { ...request('hi'), stream: true });
    expect(text.endsWith('event:conversation.stream.done\ndata:\n\n')).toBe(true);
    expect(headers.get('x-accel-buffering')).toBe('no');
  });

  test('tells usage only when asked for the chat', async () => {
    const { api } = await studio();
    const seen = await ask(api, 'hi');
    expect(seen.events.at(-1)?.data).toMatchObject({ status: 'completed' });
    expect(seen.events.at(-1)?.data.usage).toBeUndefined();
    const { conversationId, chatId } = idsOf(seen);
    expect((await api.chat.retrieve(conversationId, chatId)).usage?.token_count).toBeGreaterThan(0);
  });

  test('streams by default', async () => {
    const { url } = await studio();
    expect((await call(url, '/v3/chat', request('hi'))).text).toContain('event:conversation.chat.created');
  });

  test('reports a failed run as an error, and then a completed chat', async () => {
    const { emulator, api } = await studio();
    emulator.answer({
      steps: [{ say: 'half' }],
      end: { status: 'failed', code: 103100001, msg: 'no' },
    });
    const seen = await ask(api, 'hi');
    expect(namesOf(seen).slice(-2)).toEqual(['error', 'chat.completed']);
    const { conversationId, chatId } = idsOf(seen);
    expect((await api.chat.retrieve(conversationId, chatId)).status).toBe('failed');
  });

  test('spells cancelled with two l, and says so in the stream', async () => {
    const { emulator, api } = await studio();
    const { until, open } = gate();
    emulator.answer({ steps: [{ until }, { say: 'x' }] });
    const { stream, conversation_id, id } = await begin(api, 'hi');
    expect((await api.chat.cancel(conversation_id, id)).status).toBe('cancelled');
    open();
    expect(namesOf(await collect(stream)).at(-1)).toBe('chat.cancelled');
  });

  test('lets two chats run in one conversation', async () => {
    const { emulator, api } = await studio();
    const { until, open } = gate();
    emulator.answer({ steps: [{ until }] });
    const { stream, conversation_id } = await begin(api, 'one');
    emulator.answer({ steps: [{ say: 'two' }] });
    expect(answersOf(await ask(api, 'two', { conversation_id }))).toEqual(['two']);
    open();
    await collect(stream);
  });

  test('refuses with a status of 400, and a token with 200 and 700012006', async () => {
    const { url } = await studio();
    expect(await call(url, '/v3/chat', { user_id: 'u1' })).toMatchObject({
      status: 400,
      json: { code: 400 },
    });
    expect(await call(url, '/v1/users/me', undefined, null)).toMatchObject({
      status: 200,
      json: { code: 700012006 },
    });
    expect((await call(url, '/v1/users/me', undefined, 'two words')).json.code).toBe(700012006);
  });

  test('writes calls, knowledge and the finish in its own way', async () => {
    const { emulator, api } = await studio();
    emulator.answer({
      steps: [{ recall: ['a fact'] }, { tool: 'search', arguments: { q: 1 }, output: '{}' }],
    });
    const seen = await ask(api, 'hi');
    expect(namesOf(seen).slice(2, 5)).toEqual([
      'completed knowledge',
      'completed function_call',
      'completed tool_response',
    ]);
    expect(JSON.parse(seen.events[3]?.data.content)).toMatchObject({
      type: 'function',
      function: { name: 'search', arguments: '{"q":1}' },
    });
    const finish = JSON.parse(seen.events[5]?.data.content);
    expect(JSON.parse(finish.data)).toEqual({ finish_reason: 0, fin_data: '' });
  });
});

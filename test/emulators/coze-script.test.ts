import { CozeError } from '@coze/api';
import { describe, expect, test, vi } from 'vitest';
import type { Script, Step } from '../../emulators/coze/script.ts';
import { answersOf, ask, call, deltasOf, emulate, idsOf, namesOf, play, request } from './coze-client.ts';

const eventOf = ({ events }: { events: readonly { event: string; data: unknown }[] }, name: string) =>
  events.find(({ event }) => event === name)?.data;

describe('a script', () => {
  test('interleaves answers, each with an id of its own', async () => {
    const { seen } = await play({
      steps: [
        { say: ['A1'], as: 'a' },
        { say: ['B1'], as: 'b' },
        { say: ['A2'], as: 'a' },
        { finish: 'a' },
        { say: ['B2'], as: 'b' },
      ],
    });
    const deltas = seen.events.filter(({ event }) => event.endsWith('.delta')).map(({ data }) => data);
    expect(deltas.map(({ content }) => content)).toEqual(['A1', 'B1', 'A2', 'B2']);
    expect(deltas[0].id).toBe(deltas[2].id);
    expect(deltas[0].id).not.toBe(deltas[1].id);
    expect(answersOf(seen)).toEqual(['A1A2', 'B1B2']);
  });

  test('thinks before it speaks, under the same id', async () => {
    const { seen } = await play({ steps: [{ think: ['hm', '…'] }, { say: ['Yes'] }] });
    const deltas = seen.events.filter(({ event }) => event.endsWith('.delta')).map(({ data }) => data);
    expect(deltas.map(({ content, reasoning_content }) => [content, reasoning_content])).toEqual([
      ['', 'hm'],
      ['', '…'],
      ['Yes', undefined],
    ]);
    expect(new Set(deltas.map(({ id }) => id)).size).toBe(1);
    expect(answersOf(seen)).toEqual(['Yes']);
  });

  test('completes with another text than the deltas had', async () => {
    const { seen } = await play({
      steps: [
        { say: 'drat', as: 'x' },
        { finish: 'x', text: 'd**t' },
      ],
    });
    expect(deltasOf(seen)).toBe('drat');
    expect(answersOf(seen)).toEqual(['d**t']);
  });

  test('uses tools, knowledge and cards, as completed messages', async () => {
    const { seen } = await play({
      steps: [
        { recall: ['a fact'] },
        { tool: 'search', arguments: { q: 'x' }, output: '{"hits":1}' },
        { message: 'answer', content: '{"card":1}', contentType: 'card' },
      ],
    });
    expect(namesOf(seen).slice(2, 6)).toEqual([
      'completed verbose',
      'completed function_call',
      'completed tool_response',
      'completed answer',
    ]);
    const content = (n: number) => seen.events[n]?.data.content;
    expect(JSON.parse(content(2)).msg_type).toBe('knowledge_recall');
    expect(content(3)).toContain('"plugin_id":7379227414322217010,');
    expect(content(4)).toBe('{"hits":1}');
    expect(seen.events[5]?.data.content_type).toBe('card');
  });

  const failure = { status: 'failed', code: 701231, msg: 'no' } as const;
  test.each<[string, Script['end'], unknown]>([
    ['a chat with last_error', failure, { status: 'failed', last_error: { code: 701231, msg: 'no' } }],
    ['a bare code', { ...failure, shape: 'bare' }, { code: 701231, msg: 'no' }],
    ['a code as a string', { ...failure, shape: 'string-code' }, { code: '701231', msg: 'no' }],
  ])('fails after some deltas with %s', async (_, end, data) => {
    const { seen, api } = await play({ steps: [{ say: ['half'] }], end: end ?? failure });
    expect(namesOf(seen).slice(2)).toEqual(['message.delta', 'chat.failed', 'done']);
    expect(eventOf(seen, 'conversation.chat.failed')).toMatchObject(data as object);
    const { conversationId, chatId } = idsOf(seen);
    expect(await api.chat.retrieve(conversationId, chatId)).toMatchObject({
      status: 'failed',
      last_error: { code: 701231 },
    });
  });

  test.each([{ code: 4013, msg: 'busy' }, {}])(
    'ends in the error event %j and nothing after it',
    async (data) => {
      const { seen, emulator } = await play({ steps: [{ say: ['half'] }], end: { status: 'error', data } });
      expect(seen.events.at(-1)).toEqual({ event: 'error', data });
      expect(emulator.chats()[0]).toMatchObject({ status: 'failed', running: false });
    },
  );

  test('requires an action, and keeps the conversation until it is done', async () => {
    const calls = [{ name: 'locate', arguments: { precise: true } }];
    const { seen, api, emulator } = await play({ steps: [], end: { status: 'requires_action', calls } });
    expect(eventOf(seen, 'conversation.chat.requires_action')).toMatchObject({
      status: 'requires_action',
      required_action: {
        type: 'submit_tool_outputs',
        submit_tool_outputs: {
          tool_calls: [{ type: 'function', function: { name: 'locate', arguments: '{"precise":true}' } }],
        },
      },
    });
    expect(emulator.chats()[0]?.running).toBe(true);
    const { conversationId, chatId } = idsOf(seen);
    await expect(api.chat.cancel(conversationId, chatId)).rejects.toMatchObject({ code: 4104 });
  });

  test('asks the person back, who answers with the next chat', async () => {
    const { seen, api } = await play({
      steps: [{ say: 'Which city?' }],
      end: { status: 'requires_action' },
      done: 'debug-url',
    });
    expect(namesOf(seen).slice(-2)).toEqual(['chat.requires_action', 'done']);
    const next = await ask(api, 'Paris', { conversation_id: idsOf(seen).conversationId });
    expect(next.events[0]?.event).toBe('conversation.chat.created');
  });

  test('sends events that nobody knows, and audio after the end', async () => {
    const { seen } = await play({
      steps: [{ event: 'conversation.new.thing', data: { a: 1 } }],
      afterwards: [{ event: 'conversation.audio.delta', data: { content: 'AAAA', content_type: 'audio' } }],
    });
    expect(eventOf(seen, 'conversation.new.thing')).toEqual({ a: 1 });
    expect(namesOf(seen).slice(-3)).toEqual(['chat.completed', 'audio.delta', 'done']);
  });

  test.each([
    ['quoted', 'data:"[DONE]"'],
    ['bare', 'data:[DONE]'],
    ['empty', 'data:'],
    ['debug-url', 'data:{"debug_url":"https://'],
  ] as const)('ends in a %s done', async (done, line) => {
    const { seen, url } = await play({ steps: [{ say: 'x' }], done });
    expect(seen.events.at(-1)).toEqual({ event: 'done', data: '[DONE]' });
    const { text } = await call(url, '/v3/chat', { ...request('hi'), stream: true });
    expect(text.slice(text.lastIndexOf('event:done\n') + 11)).toMatch(line);
  });

  test('sends one huge event', async () => {
    const { seen } = await play({ steps: [{ hugeBytes: 300_000 }] });
    expect(deltasOf(seen)).toHaveLength(300_000);
  });

  test('may never end', async () => {
    const { emulator, api } = await emulate();
    emulator.answer({ steps: [{ say: ['a'] }], end: { status: 'running' } });
    const leaving = new AbortController();
    const stream = api.chat.stream(request('hi'), { signal: leaving.signal });
    for await (const { event } of stream) if (event.endsWith('.delta')) leaving.abort();
    await vi.waitFor(() => expect(emulator.requests[0]?.broken).toBe(true));
    expect(emulator.chats()[0]).toMatchObject({ status: 'in_progress', running: true });
  });

  test.each<[string, Step[], string]>([
    ['lone carriage returns', [{ raw: 'event:x\rdata:{}\r\r' }, { cut: 'end' }], 'throws'],
    ['a last line without a newline', [{ raw: 'event:done\ndata:"[DONE]"' }, { cut: 'end' }], 'throws'],
    ['data of several lines', [{ raw: 'event:x\ndata:{"a":\ndata:1}\n\n' }], 'throws'],
    ['data that is not JSON', [{ raw: 'event:x\ndata:oops\n\n' }], 'throws'],
    ['an event without data', [{ raw: 'event:x\n\n' }], 'nothing'],
    ['comments', [{ raw: ': ping\n\nid: 1\nretry: 5\n' }], 'nothing'],
  ])('replays raw bytes: %s', async (_, steps, outcome) => {
    const { seen } = await play({ steps, bare: true });
    if (outcome === 'throws') expect(seen.error).toBeInstanceOf(CozeError);
    else expect(seen).toEqual({ events: [] });
  });
});

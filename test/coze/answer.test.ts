import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { factsOf, hear, openStand, question, streaming, token } from './stand.ts';
import { begin, chatId, completed, conversationId, delta, finish, hello } from './wire-samples.ts';

test('an answer grows delta by delta and ends with its text and usage', async () => {
  const { backend } = await openStand(streaming(hello, 'X-Tt-Logid: 20250101ABC'));
  const { events } = await hear(backend);
  expect(events).toEqual([
    { type: 'created', chat: { chatId, conversationId }, logid: '20250101ABC' },
    { type: 'text', text: 'Hel' },
    { type: 'text', text: 'Hello 你好 🎉' },
    { type: 'done', answer: { text: 'Hello 你好 🎉', usage: { total: 30, input: 10, output: 20 } } },
  ]);
});

test('the request says who asks what, where and for which turn', async () => {
  const { backend, server } = await openStand(streaming(hello));
  await hear(backend);
  const request = server.requests[0];
  expect(request?.line).toBe(`POST /v3/chat?conversation_id=${conversationId} HTTP/1.1`);
  expect(request?.head).toMatch(new RegExp(`^authorization: Bearer ${token}$`, 'im'));
  expect(JSON.parse(request?.body ?? '')).toEqual({
    bot_id: '7379462189365198898',
    user_id: 'a1b2c3',
    additional_messages: [
      {
        role: 'user',
        type: 'question',
        content: 'What is the weather?',
        content_type: 'text',
        meta_data: { turn_id: 'turn-1' },
      },
    ],
    custom_variables: { user_name: 'Mia', platform: 'telegram', locale: 'de' },
    auto_save_history: true,
    stream: true,
  });
});

test('a name and a locale that are not known are not sent', async () => {
  const { backend, server } = await openStand(streaming(hello));
  const speaker = { platform: 'http' };
  for await (const _ of backend.ask({ ...question, speaker }, new AbortController().signal));
  expect(JSON.parse(server.requests[0]?.body ?? '').custom_variables).toEqual({ platform: 'http' });
});

test('a conversation id that is not digits never gets into an address', async () => {
  const { backend, server } = await openStand(streaming(hello));
  const heard = hear(backend, undefined, { ...question, conversationId: '1&user_id=2' });
  expect(factsOf((await heard).error)).toMatchObject({ kind: 'gone', retryable: false });
  expect(server.requests).toEqual([]);
});

describe('messages', () => {
  const answerTo = async (body: string) => {
    const { backend } = await openStand(streaming(begin + body + finish));
    const { texts, answer, error } = await hear(backend);
    expect(error).toBeUndefined();
    return { texts, answer };
  };

  test('several, interleaved, each grow under their own id, in order of first appearance', async () => {
    const body =
      delta('one ', '20') +
      delta('two ', '10') +
      delta('1', '20') +
      completed('one 1.', '20') +
      delta('2', '10');
    expect(await answerTo(body + completed('two 2.', '10'))).toEqual({
      texts: [
        'one ',
        'one \n\ntwo ',
        'one 1\n\ntwo ',
        'one 1.\n\ntwo ',
        'one 1.\n\ntwo 2',
        'one 1.\n\ntwo 2.',
      ],
      answer: 'one 1.\n\ntwo 2.',
    });
  });

  test('a completed message replaces what its deltas built', async () => {
    expect(await answerTo(delta('draf') + delta('t') + completed('The final word.'))).toEqual({
      texts: ['draf', 'draft', 'The final word.'],
      answer: 'The final word.',
    });
  });

  test('one that has no deltas counts too', async () => {
    expect(await answerTo(completed('All at once.'))).toEqual({
      texts: ['All at once.'],
      answer: 'All at once.',
    });
  });

  test.each([
    'verbose',
    'function_call',
    'tool_response',
    'tool_output',
    'knowledge',
    'follow_up',
    'question',
  ])('of type %s are not shown', async (type) => {
    const other = delta('secret', '5', { type }) + completed('secret', '5', { type });
    expect(await answerTo(other + delta('Hi') + other + completed('Hi'))).toEqual({
      texts: ['Hi'],
      answer: 'Hi',
    });
  });

  test('the reasoning is no part of the answer', async () => {
    const thought = { reasoning_content: 'let me think' };
    const body =
      delta('', '1', thought) + delta('', '1', thought) + delta('Hi') + completed('Hi', '1', thought);
    expect(await answerTo(body)).toEqual({ texts: ['Hi'], answer: 'Hi' });
  });

  test('a card alone is told in words, beside text it is left out', async () => {
    const card = completed('{"elements":{}}', '3', { content_type: 'card' });
    expect((await answerTo(card)).answer).toMatch(/^\[.*card.*\]$/);
    expect((await answerTo(card + completed('Text.'))).answer).toBe('Text.');
  });

  test('data without a name is not taken for what came before it', async () => {
    const nameless = delta('Hi').replace(/^event:.*\n/, '');
    expect((await answerTo(delta('Hi') + nameless + completed('Hi'))).texts).toEqual(['Hi']);
  });

  test('unknown events and late audio are passed over, whatever they hold', async () => {
    const odd =
      'event:ping\ndata:2025-01-01 not JSON\n\nevent:conversation.audio.delta\ndata:{"content":"UklGR"}\n\n';
    expect((await answerTo(odd + delta('Hi') + odd + completed('Hi'))).answer).toBe('Hi');
  });
});

test('a long answer in thousands of deltas arrives whole', async () => {
  const pieces = Array.from({ length: 5_000 }, (_, index) => `${index} `);
  const text = pieces.join('');
  const { backend } = await openStand(
    streaming(begin + pieces.map((piece) => delta(piece)).join('') + completed(text) + finish),
  );
  const { texts, answer } = await hear(backend);
  expect(answer).toBe(text);
  expect(texts).toHaveLength(5_000);
});

describe('the wire', () => {
  test.each([1, 7])('packets of %i bytes make no difference', async (size) => {
    const { backend } = await openStand(async (reply) => {
      const bytes = Buffer.from(hello);
      reply.stream();
      for (let at = 0; at < bytes.length; at += size) {
        reply.chunk(bytes.subarray(at, at + size));
        await new Promise(setImmediate);
      }
      reply.last();
    });
    expect((await hear(backend)).texts).toEqual(['Hel', 'Hello 你好 🎉']);
  });

  const lines = (separator: string): string => hello.replaceAll('\n', separator);
  const twoLines = hello.replaceAll(',"type":"answer"', ',\ndata:"type":"answer"');
  test.each([
    ['CRLF', lines('\r\n')],
    ['lone CR', lines('\r')],
    ['a space after the colon', hello.replaceAll(/^(event|data):/gm, '$1: ')],
    ['data before the name', hello.replaceAll(/^(event:.*)\n(data:.*)$/gm, '$2\n$1')],
    ['pings, ids and retry', hello.replaceAll(/^event:/gm, ': ping\n\nid: 7\nretry: 100\nevent:')],
    ['data of several lines', twoLines],
    ['no line end after the last line', hello.trimEnd()],
    ['a byte order mark', `\uFEFF${hello}`],
  ])('%s is read', async (_, body) => {
    const { backend } = await openStand(streaming(body));
    const { texts, answer, error } = await hear(backend);
    expect(error).toBeUndefined();
    expect(texts).toEqual(['Hel', 'Hello 你好 🎉']);
    expect(answer).toBe('Hello 你好 🎉');
  });

  test('what is not JSON breaks the answer off, and is in no message', async () => {
    const { backend } = await openStand(
      streaming(
        `${begin + delta('Hi')}event:conversation.message.delta\ndata:{"content":"my secret\n\n${finish}`,
      ),
    );
    const { texts, error } = await hear(backend);
    expect(texts).toEqual(['Hi']);
    expect(factsOf(error)).toMatchObject({ kind: 'cut', retryable: false });
    expect(inspect(error)).not.toContain('secret');
  });
});

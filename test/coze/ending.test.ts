import { describe, expect, test } from 'vitest';
import type { Reply } from './raw-server.ts';
import { eventually, factsOf, hear, openStand, question, streaming } from './stand.ts';
import {
  begin,
  chatCompleted,
  completed,
  delta,
  done,
  frame,
  inProgress,
  requiresAction,
  verbose,
} from './wire-samples.ts';

const text = 'Hello there';
const spoken = begin + delta('Hello ') + delta('there') + completed(text) + verbose;

describe('the answer is whole', () => {
  test.each([
    ['done "[DONE]"', spoken + chatCompleted + done],
    ['done [DONE]', `${spoken + chatCompleted}event:done\ndata:[DONE]\n\n`],
    ['done with nothing', `${spoken + chatCompleted}event:done\ndata:\n\n`],
    ['done with a debug_url', spoken + chatCompleted + frame('done', { debug_url: 'https://www.coze.cn/x' })],
    [
      'studio: conversation.stream.done with empty data',
      `${spoken + chatCompleted}event:conversation.stream.done\ndata:\n\n`,
    ],
    ['studio without chat.completed', `${spoken}event:conversation.stream.done\ndata:\n\n`],
    ['chat.completed, and then an error', spoken + chatCompleted + frame('error', { code: 5000 })],
    ['chat.completed, and then no JSON', `${spoken + chatCompleted}event:conversation.chat.x\ndata:{\n\n`],
    ['chat.completed, and then nothing', spoken + chatCompleted],
    ['done without chat.completed, after a completed answer', spoken + done],
    ['a chatflow question', spoken + requiresAction('reply_message') + done],
    ['a local plugin is wanted, after words', spoken + requiresAction('submit_tool_outputs')],
    [
      'audio after the end',
      spoken + chatCompleted + frame('conversation.audio.delta', { content: 'UklGR' }) + done,
    ],
  ])('%s', async (_, body) => {
    const { backend } = await openStand(streaming(body));
    const { answer, error } = await hear(backend);
    expect(error).toBeUndefined();
    expect(answer).toBe(text);
  });

  test('and has no words', async () => {
    const { backend } = await openStand(streaming(begin + verbose + chatCompleted + done));
    expect(await hear(backend)).toMatchObject({ answer: '', error: undefined });
  });

  test('and the connection broke after chat.completed', async () => {
    const { backend } = await openStand((reply) => {
      reply.stream();
      reply.chunk(spoken + chatCompleted);
      reply.socket.end();
    });
    expect(await hear(backend)).toMatchObject({ answer: text, error: undefined });
  });

  test('and a stream that then stays open is not waited for', async () => {
    const { backend, server, clock } = await openStand((reply) => {
      reply.stream();
      reply.chunk(spoken + chatCompleted);
    });
    const heard = hear(backend);
    await eventually(() => clock.sleeps(1_000)).toBe(true);
    clock.advance(1_000);
    expect(await heard).toMatchObject({ answer: text, error: undefined });
    await eventually(() => server.openSockets()).toBe(0);
  });
});

describe('the answer broke off', () => {
  const half = begin + delta('Hello ') + delta('th');
  const halfLine = delta('xx').slice(0, -9);
  const breaks: [string, string, (reply: Reply) => void][] = [
    ['FIN between events', '', ({ socket }) => socket.end()],
    ['FIN inside a line', halfLine, ({ socket }) => socket.end()],
    ['RST', '', ({ socket }) => socket.resetAndDestroy()],
    ['a proper end of HTTP, but no end of the chat', '', (reply) => reply.last()],
    ['a proper end of HTTP inside a line', halfLine, (reply) => reply.last()],
    ['a proper end of HTTP and `done` before the end of an answer', done, (reply) => reply.last()],
  ];
  test.each(breaks)('%s', async (_, lastWords, breakOff) => {
    let replied: Reply | undefined;
    const { backend, clock } = await openStand((reply) => {
      replied = reply;
      reply.stream();
      reply.chunk(half);
      reply.chunk(lastWords || ': ping\n\n');
    });
    const heard = hear(backend);
    // A reset takes back what the client has not read yet.
    await eventually(() => clock.sleeps(120_000)).toBe(true);
    if (replied) breakOff(replied);
    const { texts, answer, error } = await heard;
    expect(texts.at(-1)).toBe('Hello th');
    expect(answer).toBeUndefined();
    expect(factsOf(error)).toMatchObject({ kind: 'cut', retryable: false });
  });

  test('FIN where the closing connection is the end of the body', async () => {
    const { backend } = await openStand((reply) => {
      reply.open('200 OK', 'text/event-stream');
      reply.socket.end(half);
    });
    expect(factsOf((await hear(backend)).error)).toMatchObject({ kind: 'cut', retryable: false });
  });

  test('silence for longer than the limit; a ping is a sign of life', async () => {
    let replied: Reply | undefined;
    const { backend, server, clock } = await openStand((reply) => {
      replied = reply;
      reply.stream();
      reply.chunk(half);
    });
    const heard = hear(backend);
    await eventually(() => clock.sleeps(120_000)).toBe(true);
    clock.advance(119_000);
    replied?.chunk(': ping\n\n');
    await eventually(() => clock.sleepsUntil(clock.now() + 120_000)).toBe(true);
    clock.advance(119_000);
    expect(server.openSockets()).toBe(1);
    clock.advance(1_000);
    const { texts, error } = await heard;
    expect(texts.at(-1)).toBe('Hello th');
    expect(factsOf(error)).toMatchObject({ kind: 'cut', retryable: false });
    await eventually(() => server.openSockets()).toBe(0);
  });

  test('a reader who takes long does not make the other side silent', async () => {
    let replied: Reply | undefined;
    const { backend, clock } = await openStand((reply) => {
      replied = reply;
      reply.stream();
      reply.chunk(half);
    });
    let answer: string | undefined;
    for await (const event of backend.ask(question, new AbortController().signal)) {
      if (event.type === 'done') answer = event.answer.text;
      clock.advance(300_000);
      await new Promise(setImmediate);
      if (event.type === 'text' && event.text === 'Hello th') {
        replied?.chunk(completed(text) + chatCompleted + done);
        replied?.last();
      }
    }
    expect(answer).toBe(text);
  });

  test.each(['canceled', 'cancelled'])('the chat was %s', async (status) => {
    const { backend } = await openStand(
      streaming(half + frame(`conversation.chat.${status}`, { status }) + done),
    );
    expect(factsOf((await hear(backend)).error)).toMatchObject({ kind: 'cut', retryable: false });
  });
});

test('a bot that wants a local plugin, and says nothing, is wrongly set up', async () => {
  const { backend } = await openStand(streaming(begin + requiresAction('submit_tool_outputs') + done));
  expect(factsOf((await hear(backend)).error)).toMatchObject({ kind: 'config', retryable: false });
});

describe('nothing was received', () => {
  const silences: [string, (reply: Reply) => void][] = [
    ['the connection closes before the reply', (reply) => reply.socket.end()],
    ['the connection is reset before the reply', (reply) => reply.socket.resetAndDestroy()],
    ['an empty stream', streaming('')],
    ['a stream of pings', streaming(': ping\n\n: ping\n\n')],
    ['an empty page', (reply) => reply.whole('200 OK', 'text/html', '')],
    [
      'a stream that breaks at once',
      (reply) => {
        reply.stream();
        reply.socket.end();
      },
    ],
  ];
  test.each(silences)('%s', async (_, reply) => {
    const { backend } = await openStand(reply);
    const { events, error } = await hear(backend);
    expect(events).toEqual([]);
    expect(factsOf(error)).toMatchObject({ kind: 'busy', retryable: true });
  });

  test('the server cannot be reached', async () => {
    const { backend, server } = await openStand(() => undefined);
    await server.close();
    expect(factsOf((await hear(backend)).error)).toEqual({
      kind: 'busy',
      said: 'ECONNREFUSED',
      retryable: true,
      isAway: true,
    });
  });

  test.each([
    ['no reply', () => undefined],
    [
      'a reply without events',
      (reply: Reply) => {
        reply.stream();
        reply.chunk(': ping\n\n');
      },
    ],
  ])('%s until the limit', async (_, reply) => {
    const { backend, server, clock } = await openStand(reply);
    const heard = hear(backend);
    await eventually(() => server.requests.length).toBe(1);
    clock.advance(60_000);
    expect(factsOf((await heard).error)).toMatchObject({ kind: 'busy', retryable: true });
    await eventually(() => server.openSockets()).toBe(0);
  });
});

test('pings do not put off the limit for the first event', async () => {
  let replied: Reply | undefined;
  const { backend, clock } = await openStand((reply) => {
    replied = reply;
    reply.stream();
  });
  const start = clock.now();
  const heard = hear(backend);
  await eventually(() => replied).toBeDefined();
  clock.advance(40_000);
  replied?.chunk(': ping\n\n');
  await eventually(() => clock.sleeps(20_000)).toBe(true);
  expect(clock.sleepsUntil(start + 60_000)).toBe(true);
  clock.advance(20_000);
  expect(factsOf((await heard).error)).toMatchObject({ kind: 'busy', retryable: true });
});

test('a first event that is not `created` begins the chat too', async () => {
  const { backend } = await openStand(streaming(inProgress));
  const { events, error } = await hear(backend);
  expect(events).toMatchObject([{ type: 'created' }]);
  expect(factsOf(error)).toMatchObject({ kind: 'cut', retryable: false });
});

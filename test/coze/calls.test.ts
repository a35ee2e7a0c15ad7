import { describe, expect, test } from 'vitest';
import type { CozeBackend } from '../../src/core/ports/coze.ts';
import type { RawRequest, Reply } from './raw-server.ts';
import { eventually, failureOf, openStand } from './stand.ts';
import { chatId, chatState, conversationId, message } from './wire-samples.ts';

const chat = { conversationId, chatId };
const never = new AbortController().signal;
const json = (body: object, status = '200 OK') => {
  return (reply: Reply) => reply.whole(status, 'application/json', JSON.stringify(body), 'X-Tt-Logid: LOG');
};
const ok = (data: unknown) => json({ code: 0, msg: '', data, detail: { logid: 'L' } });

test('a conversation is opened for the bot', async () => {
  const { backend, server, clock } = await openStand(ok({ id: conversationId, created_at: 1 }));
  expect(await backend.openConversation()).toBe(conversationId);
  expect(clock.isAwaited()).toBe(false);
  expect(server.requests[0]?.line).toBe('POST /v1/conversation/create HTTP/1.1');
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ bot_id: '7379462189365198898' });
});

test('a conversation is cleared', async () => {
  const { backend, server } = await openStand(ok({ id: '1', conversation_id: conversationId }));
  await backend.clear(conversationId);
  expect(server.requests[0]?.line).toBe(`POST /v1/conversations/${conversationId}/clear HTTP/1.1`);
});

test('a chat is canceled', async () => {
  const { backend, server } = await openStand(ok(chatState('canceled')));
  await backend.cancel(chat);
  expect(server.requests[0]?.line).toBe('POST /v3/chat/cancel HTTP/1.1');
  expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
    conversation_id: conversationId,
    chat_id: chatId,
  });
});

test.each([4104, 4001])('a chat that is over (%i) counts as canceled', async (code) => {
  const { backend } = await openStand(json({ code, msg: 'over' }));
  await backend.cancel(chat);
});

test('ids that are not digits never get into an address', async () => {
  const { backend, server } = await openStand(ok({}));
  const bad = { conversationId: '../x', chatId: '1' };
  expect(await failureOf(backend.clear('1/../2'))).toMatchObject({ kind: 'gone' });
  expect(await failureOf(backend.cancel(bad))).toMatchObject({ kind: 'gone' });
  expect(await failureOf(backend.recover(bad, never))).toMatchObject({ kind: 'gone' });
  expect(server.requests).toEqual([]);
});

describe('every call', () => {
  const calls: [string, (backend: CozeBackend) => Promise<unknown>][] = [
    ['openConversation', (backend) => backend.openConversation()],
    ['recover', (backend) => backend.recover(chat, never)],
    ['cancel', (backend) => backend.cancel(chat)],
    ['clear', (backend) => backend.clear(conversationId)],
  ];
  describe.each(calls)('%s', (_, run) => {
    test('is refused with status 200', async () => {
      const { backend } = await openStand(json({ code: 4100, msg: 'bad token' }));
      const facts = { kind: 'token', code: 4100, said: 'bad token', logid: 'LOG', retryable: false };
      expect(await failureOf(run(backend))).toEqual(facts);
    });

    test('is refused with another status', async () => {
      const { backend } = await openStand(json({ code: 4002, msg: 'gone' }, '400 Bad Request'));
      expect(await failureOf(run(backend))).toMatchObject({ kind: 'gone', code: 4002, retryable: false });
    });

    test('meets a gateway that is down', async () => {
      const { backend } = await openStand((reply) =>
        reply.whole('504 Gateway Timeout', 'text/html', '<html>'),
      );
      expect(await failureOf(run(backend))).toMatchObject({ kind: 'busy', code: 504, retryable: true });
    });

    test('fails in words that are not those of Coze', async () => {
      const { backend } = await openStand(json({ message: 'upstream' }, '503 Service Unavailable'));
      expect(await failureOf(run(backend))).toMatchObject({ kind: 'busy', code: 503, retryable: true });
    });

    test('meets a web page with status 200', async () => {
      const { backend } = await openStand((reply) => reply.whole('200 OK', 'text/html', '<html>'));
      expect(await failureOf(run(backend))).toMatchObject({ kind: 'config', code: 200, retryable: false });
    });

    test.each([
      ['no reply', () => undefined],
      [
        'half a reply',
        (reply: Reply) => reply.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"co'),
      ],
    ])('gets %s in time', async (_name, reply) => {
      const { backend, server, clock } = await openStand(reply);
      const facts = failureOf(run(backend));
      await eventually(() => server.requests.length).toBe(1);
      clock.advance(15_000);
      expect(await facts).toMatchObject({ kind: 'busy', retryable: true });
      await eventually(() => server.openSockets()).toBe(0);
    });

    test('loses its connection', async () => {
      const { backend, clock } = await openStand((reply) => reply.socket.resetAndDestroy());
      expect(await failureOf(run(backend))).toMatchObject({
        kind: 'busy',
        said: 'ECONNRESET',
        retryable: true,
      });
      expect(clock.isAwaited()).toBe(false);
    });
  });
});

describe('recover', () => {
  const usage = { token_count: 30, output_count: 20, input_count: 10 };
  const answering =
    (states: object[], messages: unknown) =>
    (reply: Reply, { line }: RawRequest): void => {
      const retrieving = line.includes(
        `/v3/chat/retrieve?conversation_id=${conversationId}&chat_id=${chatId}`,
      );
      const next = states.length > 1 ? states.shift() : states[0];
      ok(retrieving ? next : messages)(reply);
    };
  const answerOne = message('30', 'One.', { created_at: 5 });
  const answerTwo = message('20', 'Two.', { created_at: 7 });
  const answerThree = message('10', 'Three.', { created_at: 7 });
  const other = message('40', 'secret', { created_at: 1, type: 'verbose' });

  test('gives the answers in the order of their time, then of their arrival', async () => {
    const messages = [answerTwo, other, answerThree, answerOne];
    const { backend, server } = await openStand(answering([chatState('completed', { usage })], messages));
    expect(await backend.recover(chat, never)).toEqual({
      text: 'One.\n\nTwo.\n\nThree.',
      usage: { total: 30, input: 10, output: 20 },
    });
    expect(server.requests[1]?.line).toBe(
      `GET /v3/chat/message/list?conversation_id=${conversationId}&chat_id=${chatId} HTTP/1.1`,
    );
  });

  test('looks once a second until the chat has ended', async () => {
    const states = ['created', 'in_progress', 'completed'].map((status) => chatState(status));
    const { backend, server, clock } = await openStand(answering(states, [answerOne]));
    const answer = backend.recover(chat, never);
    for (const looks of [1, 2]) {
      await eventually(() => clock.sleeps(1_000)).toBe(true);
      expect(server.requests).toHaveLength(looks);
      clock.advance(1_000);
    }
    expect((await answer).text).toBe('One.');
  });

  test('bears a Coze that is away for some looks', async () => {
    let calls = 0;
    const answer = answering([chatState('completed')], [answerOne]);
    const { backend, clock } = await openStand(
      (reply, request) => {
        calls += 1;
        if (calls > 2) answer(reply, request);
        else reply.socket.resetAndDestroy();
      },
      { limits: { recoverFailures: 2 } },
    );
    const recovered = backend.recover(chat, never);
    for (const _ of [1, 2]) {
      await eventually(() => clock.sleeps(1_000)).toBe(true);
      clock.advance(1_000);
    }
    expect((await recovered).text).toBe('One.');
  });

  test('gives up on a chat that does not end', async () => {
    const { backend, clock } = await openStand(answering([chatState('in_progress')], []), {
      limits: { recoverForMs: 2_000 },
    });
    const facts = failureOf(backend.recover(chat, never));
    for (const _ of [1, 2]) {
      await eventually(() => clock.sleeps(1_000)).toBe(true);
      clock.advance(1_000);
    }
    expect(await facts).toMatchObject({ kind: 'cut', retryable: false });
  });

  test.each([
    ['while it waits', () => answering([chatState('in_progress')], [])],
    ['while it asks', () => () => undefined],
  ])('stops %s when the signal aborts', async (_, reply) => {
    const { backend, server, clock } = await openStand(reply());
    const stop = new AbortController();
    const reason = new Error('stopped');
    const recovering = backend.recover(chat, stop.signal);
    await eventually(() => server.requests.length > 0 && (clock.sleeps(1_000) || clock.sleeps(15_000))).toBe(
      true,
    );
    stop.abort(reason);
    await expect(recovering).rejects.toBe(reason);
  });

  test('tells why a chat failed', async () => {
    const failed = chatState('failed', { last_error: { code: 4028, msg: 'used up' } });
    const { backend } = await openStand(answering([failed], {}));
    expect(await failureOf(backend.recover(chat, never))).toEqual({
      kind: 'quota',
      code: 4028,
      said: 'used up',
      retryable: false,
    });
  });

  test.each(['canceled', 'cancelled'])('a chat that was %s has no answer', async (status) => {
    const { backend } = await openStand(answering([chatState(status)], []));
    expect(await failureOf(backend.recover(chat, never))).toMatchObject({ kind: 'cut', retryable: false });
  });

  test('a chat that waits for a local plugin gives its words, if it has any', async () => {
    const waiting = [chatState('requires_action')];
    const { backend } = await openStand(answering(waiting, [answerOne]));
    expect((await backend.recover(chat, never)).text).toBe('One.');
    const { backend: silent } = await openStand(answering(waiting, []));
    expect(await failureOf(silent.recover(chat, never))).toMatchObject({ kind: 'config', retryable: false });
  });

  test('messages that are not a list are a failure', async () => {
    const { backend } = await openStand(answering([chatState('completed')], {}));
    expect(await failureOf(backend.recover(chat, never))).toMatchObject({ kind: 'failed', retryable: false });
  });
});

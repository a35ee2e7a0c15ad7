import { connect } from 'node:net';
import { APIError, CozeError } from '@coze/api';
import { describe, expect, test, vi } from 'vitest';
import type { Misfortune } from '../../emulators/coze/fault.ts';
import type { Cut } from '../../emulators/coze/script.ts';
import {
  answersOf,
  ask,
  askAndOpen,
  call,
  deltasOf,
  emulate,
  gate,
  idsOf,
  namesOf,
  request,
  streamOf,
} from './coze-client.ts';

async function askWith(fault: Misfortune) {
  const { emulator, api } = await emulate();
  emulator.fault({ on: '/v3/chat', ...fault });
  return { seen: await ask(api, 'hi'), emulator, api };
}

describe('before any event, the SDK sees', () => {
  test('JSON without a newline as an error event', async () => {
    const { seen } = await askWith({ reply: 'json', code: 4009 });
    expect(seen.events).toMatchObject([{ event: 'error', data: { code: 4009, detail: {} } }]);
    expect(seen.error).toBeUndefined();
  });

  test.each(['newline', 'pretty-newline'] as const)('JSON with a newline (%s) as nothing', async (form) => {
    const { seen } = await askWith({ reply: 'json', code: 4009, form });
    expect(seen).toEqual({ events: [] });
  });

  test('pretty JSON without a newline as an error that hides the code', async () => {
    const { seen } = await askWith({ reply: 'json', code: 4009, form: 'pretty' });
    expect(seen.error).toBeInstanceOf(CozeError);
    expect(String(seen.error)).toContain('Could not parse message into JSON:}');
  });

  test.each([
    [401, 401],
    [429, 429],
    [500, 500],
    [502, 502],
    [503, 500],
    [504, 500],
  ])('status %i as a typed error of status %i, without a code', async (status, shown) => {
    const { seen } = await askWith({ reply: 'json', status, code: 4100, retryAfter: '7' });
    const error = seen.error as APIError;
    expect(error).toBeInstanceOf(APIError);
    expect(error.status).toBe(shown);
    expect(error.code).toBeUndefined();
    const body = await new Response(error.rawError as unknown as ReadableStream).json();
    expect(body).toMatchObject({ code: 4100 });
    expect((error.headers as Record<string, string>)['retry-after']).toBe('7');
  });

  test('a gateway’s HTML by its status', async () => {
    const { seen } = await askWith({ reply: 'html', status: 502 });
    expect((seen.error as APIError).status).toBe(502);
  });

  test('HTML with status 200 as a broken event', async () => {
    const { seen } = await askWith({ reply: 'html' });
    expect(seen.error).toBeInstanceOf(CozeError);
    expect(seen.events).toEqual([]);
  });

  test('an empty reply as a normal end', async () => {
    expect((await askWith({ reply: 'empty' })).seen).toEqual({ events: [] });
  });

  test('a dropped connection as a network error of status 500', async () => {
    const { seen, emulator, api } = await askWith({ reply: 'drop' });
    expect(seen.error).toMatchObject({ status: 500, message: 'Network Error' });
    expect(emulator.chats()).toEqual([]);
    expect(namesOf(await ask(api, 'once more')).at(-1)).toBe('done');
  });

  test('silence until it gives up', async () => {
    const { emulator, api } = await emulate();
    emulator.fault({ on: '/v3/chat', reply: 'hang' });
    const leaving = new AbortController();
    const failed = streamOf(api, request('hi'), leaving.signal).next();
    await vi.waitFor(() => expect(emulator.requests).toHaveLength(1));
    leaving.abort();
    await expect(failed).rejects.toMatchObject({ name: 'UserAbortError' });
  });
});

describe('a fault', () => {
  test('may lose the reply of a call that was taken', async () => {
    const { emulator, api, url } = await emulate();
    emulator.fault({ on: 'POST /v1/conversation/create', reply: 'drop', taken: true });
    await expect(api.conversations.create({})).rejects.toThrow();
    const id = emulator.conversations()[0]?.id ?? '';
    emulator.fault({ on: '/v3/chat', reply: 'empty', taken: true });
    expect(await ask(api, 'hi', { conversation_id: id })).toEqual({ events: [] });
    await vi.waitFor(() => expect(emulator.chats()[0]?.status).toBe('completed'));
    const { json } = await call(url, `/v1/conversation/message/list?conversation_id=${id}`, {});
    expect(json.data).toHaveLength(2);
  });

  test('befalls the calls it names, as often as it says', async () => {
    const { emulator, api } = await emulate();
    emulator.fault({ on: 'GET /v1/*', reply: 'json', status: 500, code: 5000 }, 2);
    await api.conversations.create({});
    await expect(api.users.me()).rejects.toMatchObject({ status: 500 });
    await expect(api.users.me()).rejects.toMatchObject({ status: 500 });
    expect(emulator.requests.at(-1)).toMatchObject({ status: 500, code: 5000, path: '/v1/users/me' });
    expect((await api.users.me()).user_name).toBe('emulated');
  });

  test('may be a delay and nothing else', async () => {
    const { emulator, api } = await emulate();
    emulator.fault({ on: '/v1/users/me', reply: 'normal', delayMs: 20 });
    expect((await api.users.me()).user_name).toBe('emulated');
  });
});

describe('within a stream, the SDK takes for a normal end', () => {
  test.each<[Cut, boolean]>([
    ['end', false],
    ['destroy', false],
    ['destroy', true],
    ['reset', false],
    ['reset', true],
  ])('the cut “%s” (in the middle of a line: %s)', async (cut, midLine) => {
    const { emulator, api } = await emulate();
    const { until, open } = gate();
    emulator.answer({ steps: [{ say: ['half'] }, { until }, { cut, midLine }, { say: [' and half'] }] });
    const seen = await askAndOpen(api, open);
    expect(seen.error).toBeUndefined();
    expect(deltasOf(seen)).toBe('half');
    expect(namesOf(seen)).not.toContain('done');
    // At Coze the answer is whole.
    const { conversationId, chatId } = idsOf(seen);
    await vi.waitFor(async () =>
      expect((await api.chat.retrieve(conversationId, chatId)).status).toBe('completed'),
    );
    const messages = await api.chat.messages.list(conversationId, chatId);
    expect(messages.find(({ type }) => type === 'answer')?.content).toBe('half and half');
  });

  test('a missing done', async () => {
    const { emulator, api } = await emulate();
    emulator.answer({ steps: [{ say: 'x' }], done: 'none' });
    const seen = await ask(api, 'hi');
    expect(seen.error).toBeUndefined();
    expect(namesOf(seen).at(-1)).toBe('chat.completed');
  });
});

test.each<[Cut, string]>([
  ['end', 'closed, last chunk seen: true'],
  ['destroy', 'closed, last chunk seen: false'],
  ['reset', 'ECONNRESET'],
])('on the socket, the cut “%s” is: %s', async (cut, outcome) => {
  const { emulator, url } = await emulate();
  const { until, open } = gate();
  emulator.answer({ steps: [{ say: ['half'] }, { until }, { cut }] });
  const body = JSON.stringify({ ...request('hi'), stream: true });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`POST /v3/chat HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\nconnection: close\r\n`);
  socket.write(`content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes;
    if (text.includes('half')) open();
  });
  const seen = await new Promise((resolve) => {
    socket.on('error', (error) => resolve('code' in error ? error.code : error.message));
    socket.on('end', () => resolve(`closed, last chunk seen: ${text.endsWith('\r\n0\r\n\r\n')}`));
  });
  socket.destroy();
  expect(seen).toBe(outcome);
});

test('a clean end in the middle of a line makes the SDK throw', async () => {
  const { emulator, api } = await emulate();
  emulator.answer({ steps: [{ say: 'half' }, { cut: 'end', midLine: true }] });
  const seen = await ask(api, 'hi');
  expect(seen.error).toBeInstanceOf(CozeError);
  expect(deltasOf(seen)).toBe('half');
});

test('a chat that fails after its client was cut off is failed for those who ask', async () => {
  const { emulator, api } = await emulate();
  const { until, open } = gate();
  emulator.answer({
    steps: [{ say: ['half'] }, { until }, { cut: 'destroy' }],
    end: { status: 'failed', code: 4028, msg: 'quota' },
  });
  const { conversationId, chatId } = idsOf(await askAndOpen(api, open));
  await vi.waitFor(async () =>
    expect(await api.chat.retrieve(conversationId, chatId)).toMatchObject({
      status: 'failed',
      last_error: { code: 4028, msg: 'quota' },
    }),
  );
  expect(Array.isArray(await api.chat.messages.list(conversationId, chatId))).toBe(false);
});

test('closing ends runs and connections', async () => {
  const { emulator, api } = await emulate();
  const { until } = gate();
  emulator.answer({ steps: [{ say: 'a' }, { until }] });
  const asked = ask(api, 'hi');
  await vi.waitFor(() => expect(emulator.chats()).toHaveLength(1));
  await emulator.close();
  expect(answersOf(await asked)).toEqual([]);
});

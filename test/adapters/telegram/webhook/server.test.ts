import { channel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Server } from 'node:net';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { checkAndStop, type ListeningOptions, startAtWebhook } from '../listening.ts';

afterEach(checkAndStop);

/** A webhook whose secret is known. */
async function startKnown(options: ListeningOptions = {}) {
  const webhook = { TELEGRAM_WEBHOOK_SECRET: 'known-1', ...options.webhook };
  const listening = await startAtWebhook({ ...options, webhook });
  await listening.emulator.until(listening.isReady);
  const ask = async (body: string, init: RequestInit = {}, path = '') => {
    const headers = { 'x-telegram-bot-api-secret-token': 'known-1', 'content-type': 'application/json' };
    const answer = await fetch(`${listening.url}${path}`, { method: 'POST', headers, body, ...init });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  return { ...listening, ask };
}

interface Reached {
  readonly server: Server;
  readonly request: IncomingMessage;
}

/** What reaches the server behind the port from now on. */
function requestsTo(port: number): readonly Reached[] {
  const started = channel('http.server.request.start');
  const requests: Reached[] = [];
  const note = (message: unknown) => {
    const reached = message as Reached;
    if ((reached.server.address() as AddressInfo).port === port) requests.push(reached);
  };
  started.subscribe(note);
  onTestFinished(() => void started.unsubscribe(note));
  return requests;
}

const update = (text: string, id = 7) =>
  JSON.stringify({
    update_id: id,
    message: { message_id: id, date: 0, chat: { id: 5, type: 'private' }, from: { id: 5 }, text },
  });

test('an update is answered with 200 and nothing else', async () => {
  const { ask, heard } = await startKnown();
  expect(await ask(update('hi'))).toMatchObject({ status: 200, text: '' });
  expect(heard.map(({ text }) => text)).toEqual(['hi']);
  expect((await ask(update('hi'), {}, '?from=proxy')).status).toBe(200);
});

test.each([
  ['no secret', {}],
  ['a wrong secret', { 'x-telegram-bot-api-secret-token': 'known-2' }],
  ['the beginning of the secret', { 'x-telegram-bot-api-secret-token': 'known' }],
])('%s is refused with 401', async (_what, headers) => {
  const { ask, heard } = await startKnown();
  expect((await ask(update('hi'), { headers })).status).toBe(401);
  expect(heard).toEqual([]);
});

test('no secret is refused where the secret is a word that stands for nothing', async () => {
  const { ask } = await startKnown({ webhook: { TELEGRAM_WEBHOOK_SECRET: 'undefined' } });
  expect((await ask(update('hi'), { headers: {} })).status).toBe(401);
});

test('another path and another method are refused, even with the secret', async () => {
  const { ask, heard } = await startKnown();
  expect((await ask(update('hi'), {}, '/more')).status).toBe(404);
  const put = await ask(update('hi'), { method: 'PUT' });
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST']);
  expect(heard).toEqual([]);
});

test('a body longer than any update is refused, declared or not', async () => {
  const { ask, heard } = await startKnown();
  const long = update('x'.repeat(1024 * 1024));
  expect((await ask(long)).status).toBe(413);
  const stream = new Blob([long]).stream();
  expect((await ask('', { body: stream, duplex: 'half' } as RequestInit)).status).toBe(413);
  expect((await ask(update('x'.repeat(1024 * 1023)))).status).toBe(200);
  expect(heard).toHaveLength(1);
});

test('what is not JSON is refused, and its content is not logged', async () => {
  const { ask, log } = await startKnown();
  expect((await ask('{"update_id":1,"message":{"text":"private')).status).toBe(400);
  expect(log.events()).toEqual(['warn: a request to the webhook is not JSON, and is refused']);
  expect(log.text()).not.toContain('private');
});

test('an update that cannot be read is taken, so that it does not stand in the way of the next ones', async () => {
  const { ask, log, heard } = await startKnown();
  for (const body of ['null', '7', '{}', '{"update_id":"x"}']) expect((await ask(body)).status).toBe(200);
  expect(log.events()).toEqual(Array(4).fill('error: an update could not be read, and is left out'));
  expect(log.text().match(/"fields":{}/g)).toHaveLength(4);
  expect((await ask('{"update_id":1,"poll":{}}')).status).toBe(200);
  expect(heard).toEqual([]);
});

test('a store that fails is answered with 503 and when to come again', async () => {
  const { ask } = await startKnown({ deliver: () => Promise.reject(new Error('away')) });
  const { status, headers } = await ask(update('hi'));
  expect([status, headers.get('retry-after')]).toEqual([503, '2']);
});

test('who hangs up in the middle of a request harms nobody', async () => {
  const { ask, port, heard, emulator } = await startKnown();
  const requests = requestsTo(port);
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const head = ['POST /telegram HTTP/1.1', 'host: x', 'x-telegram-bot-api-secret-token: known-1'];
  socket.write(`${[...head, 'content-length: 100'].join('\r\n')}\r\n\r\n{"upd`);
  await emulator.until(() => requests.length === 1);
  const gone = new Promise((resolve) => requests[0]?.request.once('close', resolve));
  socket.destroy();
  await gone;
  expect((await ask(update('hi'))).status).toBe(200);
  expect(heard).toHaveLength(1);
});

test('a connection that cannot be taken is told of, and the next ones are', async () => {
  const { ask, log, port } = await startKnown();
  const requests = requestsTo(port);
  await ask(update('hi'));
  requests[0]?.server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }));
  expect(log.events()).toEqual(['warn: a connection to the webhook could not be taken']);
  expect(log.text()).toContain('"reason":"EMFILE"');
  expect((await ask(update('hi'))).status).toBe(200);
});

test('a connection that is kept open does not hold up the end', async () => {
  const { ask, port, stop } = await startKnown();
  await ask(update('hi'));
  const idle = connect(port, '127.0.0.1');
  await once(idle, 'connect');
  const ended = once(idle, 'close');
  await stop();
  await ended;
  await expect(ask(update('late'))).rejects.toThrow();
});

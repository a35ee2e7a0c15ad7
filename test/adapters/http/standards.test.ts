import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { env } from '../../../adapters/http/settings.ts';
import { serve } from './served.ts';

const key = 'cb_0123456789abcdefghij';
const byKey = { authorization: `Bearer ${key}` };

/** What comes back for these bytes. */
async function send(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (piece) => {
    answer += piece;
  });
  socket.write(bytes);
  await once(socket, 'close');
  return answer;
}

test('every status comes with what the standards want beside it, and in words', async () => {
  const bridge = await serve('embedded', { SERVER_API_KEYS: key });
  const told = async (response: Response) => ({
    status: response.status,
    ...((await response.json()) as { detail: string }),
  });

  const stranger = await bridge.post('/chat', { message: 'hi' });
  expect(stranger.headers.get('www-authenticate')).toBe('Bearer realm="coze-bridge"');
  expect(await told(stranger)).toMatchObject({ status: 401 });

  const wrongMethod = await fetch(`${bridge.url}/session/s/info?x=1`, { method: 'DELETE', headers: byKey });
  expect(wrongMethod.headers.get('allow')).toBe('GET');
  expect(await told(wrongMethod)).toEqual({ status: 405, detail: 'This address is for GET.' });
  const health = await fetch(`${bridge.url}/health`, { method: 'PUT' });
  expect(health.headers.get('allow')).toBe('GET, HEAD');
  expect(await told(await bridge.get('/session/s/info/more', byKey))).toMatchObject({ status: 404 });

  expect(await told(await bridge.get('/%zz', byKey))).toEqual({
    status: 400,
    detail: 'This address cannot be read.',
  });
  expect(await told(await bridge.get(`/session/${'a'.repeat(2_000)}/info`, byKey))).toEqual({
    status: 414,
    detail: 'A part of this address is too long.',
  });
  expect(await send(bridge.url, 'BREW / HTCPCP/1.0\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 400 Bad Request\r\n(?:.*\r\n)*\r\n\{"detail":"This is no HTTP that can be read\."\}$/,
  );
  expect(
    await send(bridge.url, `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`),
  ).toMatch(/^HTTP\/1\.1 431 (?:.*\r\n)*\r\n\{"detail":"The headers are too large\."\}$/);
});

test('health checks may ask by HEAD', async () => {
  const bridge = await serve('embedded');
  for (const path of ['/health', '/']) {
    const response = await fetch(bridge.url + path, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  }
});

test('nothing needs to be sent to stop or to clear, and anything may be', async () => {
  const bridge = await serve('embedded');
  const asked = await bridge.post('/chat', { message: 'hi', session_id: 's' });
  const { message_id } = (await asked.json()) as { message_id: string };
  for (const path of ['/session/s/clear', `/chat/${message_id}/stop`])
    for (const init of [
      {},
      { body: '', headers: { 'content-type': 'application/json' } },
      { body: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      { body: 'now', headers: { 'content-type': 'text/plain' } },
    ])
      expect((await fetch(bridge.url + path, { method: 'POST', ...init })).status).toBe(200);
});

test('who has asked too much at once is told when to come again', async () => {
  const bridge = await serve('embedded');
  bridge.coze.answer({ steps: [{ waitMs: 2_000 }, { say: ['Well.'] }] });
  const ask = () => bridge.post('/chat/stream', { message: 'hi', session_id: 's' });
  const refused = [];
  for (let nth = 0; nth < 13; nth++) {
    const response = await ask();
    if (response.status !== 200) refused.push([response.status, response.headers.get('retry-after')]);
    else void response.body?.cancel();
  }
  expect(refused.at(-1)).toEqual([429, '5']);
});

test('who cannot be served is told when to come again, where that helps', async () => {
  const bridge = await serve('embedded');
  const failing = async (code: number, more = {}) => {
    bridge.coze.fault({ on: '/v1/workspaces', reply: 'json', code, msg: 'no', ...more });
    const response = await bridge.get('/bots');
    return [response.status, response.headers.get('retry-after')];
  };
  expect(await failing(4013)).toEqual([503, '60']);
  expect(await failing(4013, { retryAfter: '7' })).toEqual([503, '7']);
  expect(await failing(4100)).toEqual([503, null]);
});

test.each(['*', 'chat.example', 'https://chat.example/', 'https://chat.example/path', 'null'])(
  'no page has the origin %s, and the start says so',
  (origin) => {
    const { error } = env.safeParse({ SERVER_CORS_ORIGINS: `https://fine.example:8443, ${origin}` });
    expect(error?.issues).toMatchObject([
      { path: ['SERVER_CORS_ORIGINS'], message: expect.stringMatching(/must be an origin/) },
    ]);
  },
);

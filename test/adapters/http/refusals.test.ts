import { get } from 'node:http';
import { describe, expect, test } from 'vitest';
import { homes } from '../../bridge/stand.ts';
import { allIn, serve } from './served.ts';

const [mine, theirs] = ['cb_0123456789abcdefghij', 'cb_jihgfedcba9876543210'];
const by = (key: string) => ({ authorization: `Bearer ${key}` });
const detailOf = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as object),
});

describe('refused in words', () => {
  test.each([
    ['a body that is no JSON', '{"message":', 400, /JSON/],
    ['no question', {}, 422, /message is required/],
    ['an empty question', { message: ' \n' }, 422, /may not be empty/],
    ['a question twice', { message: 'a', messages: [{ content: 'b' }] }, 422, /not both/],
    [
      'a last word that is no question',
      { messages: [{ role: 'assistant', content: 'b' }] },
      422,
      /the last of messages/,
    ],
    ['a question of another kind', { message: 5 }, 422, /message: .*string/],
    ['a conversation that cannot be one', { message: 'a', conversation_id: 'x' }, 422, /conversation_id/],
    [
      'a conversation with a number that is none',
      { message: 'a', conversation_id: '7'.repeat(5_000) },
      422,
      /conversation_id: .*20 digits/,
    ],
    ['a file that cannot be one', { message: 'a', file_ids: ['a.png'] }, 422, /file_ids.0: .*id of Coze/],
    ['an id that a store could cut', { message: 'a', session_id: 'b\u0000c' }, 422, /session_id: .*control/],
    ['an id with half a character', { message: 'a', user_id: '\ud800' }, 422, /user_id: .*whole/],
    [
      'variables that Coze would refuse',
      { message: 'a', custom_variables: { 'a-b': 'c' } },
      422,
      /custom_variables/,
    ],
  ])('%s', async (_what, body, status, detail) => {
    const bridge = await serve('embedded');
    expect(await detailOf(await bridge.post('/chat', body))).toEqual({
      status,
      detail: expect.stringMatching(detail),
    });
    expect(bridge.questions()).toEqual([]);
  });

  test('what is too long, of another type, or nowhere', async () => {
    const bridge = await serve('embedded', { SERVER_MAX_BODY: '2048' });
    expect(await detailOf(await bridge.post('/chat', { message: 'x'.repeat(3_000) }))).toMatchObject({
      status: 413,
      detail: expect.stringMatching(/SERVER_MAX_BODY/),
    });
    const text = bridge.post('/chat', 'hello', { 'content-type': 'text/plain' });
    expect(await detailOf(await text)).toEqual({
      status: 415,
      detail: expect.stringMatching(/application\/json/),
    });
    expect(await detailOf(await bridge.get('/nowhere'))).toEqual({
      status: 404,
      detail: expect.stringMatching('/docs'),
    });
  });

  test('whoever asks too often, for as long as it takes', async () => {
    const bridge = await serve('embedded', { SERVER_RATE_PER_MINUTE: '2' });
    const look = () => bridge.get('/session/none/info');
    for (const status of [404, 404]) expect((await look()).status).toBe(status);
    const refused = await look();
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await detailOf(refused)).toEqual({
      status: 429,
      detail: expect.stringMatching(/Too many requests/),
    });
  });

  test('whoever tries addresses too often, and not who only opens the page', async () => {
    const bridge = await serve('embedded', { SERVER_RATE_PER_MINUTE: '2' });
    const statusAt = async (path: string) => (await bridge.get(path, { accept: 'text/html' })).status;
    const page = await (await bridge.get('/', { accept: 'text/html' })).text();
    const [, script = expect.fail('the page has no script')] = / src="([^"]+)"/.exec(page) ?? [];
    for (const path of ['/', script, '/docs', '/openapi.json', '/health', '/'])
      expect(await statusAt(path)).toBe(200);
    for (const status of [404, 404, 429]) expect(await statusAt('/nowhere')).toBe(status);
    expect(await statusAt(script)).toBe(200);
    expect((await bridge.post('/chat', { message: 'hi' })).status).toBe(429);
  });

  test('whoever guesses keys, however many', async () => {
    const bridge = await serve('embedded', { SERVER_RATE_PER_MINUTE: '3', SERVER_API_KEYS: mine });
    const guess = async (nth: number) => (await bridge.get('/session/s/info', by(`cb_guess${nth}`))).status;
    for (const nth of [1, 2, 3]) expect(await guess(nth)).toBe(401);
    expect(await guess(4)).toBe(429);
    expect((await bridge.get('/session/s/info', by(mine))).status).toBe(404);
  });

  test.skipIf(homes.length < 2)('whoever guesses the password of the page of the queue', async () => {
    const bridge = await serve('redis', { SERVER_RATE_PER_MINUTE: '3', SERVER_API_KEYS: mine });
    const guess = async (nth: number) => {
      const authorization = `Basic ${Buffer.from(`owner:cb_guess${nth}`).toString('base64')}`;
      return bridge.get('/admin/queues', { authorization });
    };
    for (const nth of [1, 2, 3]) expect((await guess(nth)).status).toBe(401);
    const refused = await guess(4);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([
      429,
      expect.stringMatching(/^\d+$/),
    ]);
    expect(await refused.text()).toMatch(/Too many requests/);
  });

  test('a page of the web that has its name point here', async () => {
    const bridge = await serve('embedded');
    const { port } = new URL(bridge.url);
    const status = await new Promise((resolve) =>
      get({ port, host: '127.0.0.1', path: '/', headers: { host: `evil.example:${port}` } }, (response) =>
        resolve(response.resume().statusCode),
      ),
    );
    expect(status).toBe(401);
  });

  test('a form that a page of another origin sends, unless that is welcome', async () => {
    const bridge = await serve('embedded', { SERVER_CORS_ORIGINS: 'https://mine.example' });
    const from = (origin: string) => ({ 'sec-fetch-site': 'cross-site', origin });
    const ask = (origin: string) => bridge.post('/chat', { message: 'hi' }, from(origin));
    expect((await ask('https://evil.example')).status).toBe(401);
    expect((await ask('https://mine.example')).status).toBe(200);
    const unsaid = (origin: string) => bridge.post('/chat', { message: 'hi' }, { origin });
    for (const origin of ['https://evil.example', 'null', 'http://localhost:3000'])
      expect((await unsaid(origin)).status).toBe(401);
    expect((await unsaid('https://mine.example')).status).toBe(200);
    expect((await unsaid(bridge.url)).status).toBe(200);
    // A link leads here from anywhere.
    expect((await bridge.get('/', from('https://evil.example'))).status).toBe(200);
  });

  test('an id may be long, in whatever letters', async () => {
    const bridge = await serve('embedded');
    const session = '好'.repeat(200);
    expect((await bridge.post('/chat', { message: 'hi', session_id: session })).status).toBe(200);
    const info = await bridge.get(`/session/${encodeURIComponent(session)}/info`);
    expect(await info.json()).toMatchObject({ session_id: session, message_count: 1 });
    expect((await bridge.get('/session/victim%00x/info')).status).toBe(422);
  });

  test('a failure of Coze, by status and by event', async () => {
    const bridge = await serve('embedded', { COZE_API_TOKEN: 'pat_NobodyKnowsThisOne' });
    expect(await detailOf(await bridge.post('/chat', { message: 'hello' }))).toEqual({
      status: 503,
      detail: expect.stringMatching(/access token/),
    });
    const heard = await allIn(await bridge.post('/chat/stream', { message: 'hello' }));
    expect(heard).toMatchObject([
      { type: 'error', data: { code: 'token', message: expect.stringMatching(/access token/) } },
    ]);
    expect(JSON.stringify(heard)).not.toContain('pat_');
  });
});

describe('with keys', () => {
  test('nobody gets in without one, and sessions and answers belong to the key', async () => {
    const bridge = await serve('embedded', { SERVER_API_KEYS: `${mine}, ${theirs}` });
    const question = { message: 'hello', session_id: 'shared name' };
    for (const headers of [{}, by('wrong'), { authorization: mine }])
      expect(await detailOf(await bridge.post('/chat', question, headers))).toMatchObject({ status: 401 });
    const asked = await bridge.post('/chat', question, by(mine));
    expect(asked.status).toBe(200);
    const { message_id: message } = (await asked.json()) as { message_id: string };
    const path = '/session/shared%20name';
    expect((await bridge.get(`${path}/info`, by(mine))).status).toBe(200);
    for (const response of [
      bridge.get(`${path}/info`, by(theirs)),
      bridge.post(`${path}/clear`, {}, by(theirs)),
      bridge.post('/chat', question, by(theirs)),
      bridge.get(`/chat/stream/${message}`, by(theirs)),
      bridge.post(`/chat/${message}/stop`, {}, by(theirs)),
    ])
      expect(await detailOf(await response)).toMatchObject({ status: 404 });
    expect((await bridge.get('/health')).status).toBe(200);
    expect(bridge.gateway.log()).not.toMatch(/cb_/);
  });

  test('no other address is listened at without keys', async () => {
    await expect(serve('embedded', { SERVER_HOST: '0.0.0.0' })).rejects.toThrow(/SERVER_API_KEYS: required/);
  });
});

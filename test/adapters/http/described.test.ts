import { beforeEach, expect, test } from 'vitest';
import { allIn, type Served, serve } from './served.ts';

interface Described {
  readonly description: string;
  readonly headers: object;
  readonly content: Record<string, { schema: { oneOf?: { properties: { type: { enum: string[] } } }[] } }>;
}

type Paths = Record<string, Record<string, { security?: []; responses: Record<string, Described> }>>;

let bridge: Served;
let paths: Paths;

beforeEach(async () => {
  bridge = await serve('embedded', { SERVER_MAX_BODY: '4096' });
  ({ paths } = (await (await bridge.get('/openapi.json')).json()) as { paths: Paths });
});

test('every call is described, with its errors and in words', () => {
  expect(
    Object.entries(paths)
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`))
      .toSorted(),
  ).toEqual([
    'get /bots',
    'get /chat/stream/{message_id}',
    'get /health',
    'get /metrics',
    'get /session/{session_id}/info',
    'post /api/stream',
    'post /chat',
    'post /chat/stream',
    'post /chat/{message_id}/stop',
    'post /files',
    'post /session/{session_id}/clear',
  ]);
  const responses = Object.values(paths).flatMap((methods) =>
    Object.values(methods).flatMap((each) => Object.values(each.responses)),
  );
  for (const { description, headers } of responses) {
    expect(description).not.toBe('Default Response');
    expect(headers).toHaveProperty('X-Request-Id');
  }
});

test('what is answered is what is described', async () => {
  /** The answer, once it is sure that it is described. */
  async function as(described: string, response: Response | Promise<Response>): Promise<Response> {
    const answer = await response;
    const [method = '', path = ''] = described.split(' ');
    const found = paths[path]?.[method]?.responses[answer.status];
    expect(found, `${described} ${answer.status}`).toBeDefined();
    const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
    expect(Object.keys(found?.content ?? {}), `${described} ${answer.status}`).toEqual([type]);
    return answer;
  }
  const { post, get } = bridge;
  const question = { message: 'hi', session_id: 's' };
  const stream = await as('post /chat/stream', post('/chat/stream', question));
  const id = stream.headers.get('x-message-id');
  const types = new Set((await allIn(stream)).map(({ type }) => type));
  const told = paths['/chat/stream']?.post?.responses[200]?.content['text/event-stream']?.schema.oneOf ?? [];
  const known = told.flatMap(({ properties }) => properties.type.enum);
  expect(known).toEqual(['chunk', 'replace', 'complete', 'error']);
  expect([...types].filter((type) => !known.includes(type))).toEqual([]);

  const again = await as('get /chat/stream/{message_id}', get(`/chat/stream/${id}`));
  for (const name of Object.keys(paths['/chat/stream/{message_id}']?.get?.responses[200]?.headers ?? {}))
    expect(again.headers.has(name), name).toBe(true);
  await as('get /chat/stream/{message_id}', get('/chat/stream/none'));
  await as('post /api/stream', post('/api/stream', {}));
  await as('post /chat', post('/chat', question));
  await as('post /chat', post('/chat', '{'));
  await as('post /chat', post('/chat', 'hi', { 'content-type': 'text/plain' }));
  await as('post /chat', post('/chat', { message: 'x'.repeat(5_000) }));
  await as('post /chat', post('/chat', { ...question, conversation_id: '99' }));
  await as('post /chat/{message_id}/stop', post(`/chat/${id}/stop`, {}));
  await as('post /chat/{message_id}/stop', post('/chat/none/stop', {}));
  await as('get /session/{session_id}/info', get('/session/s/info'));
  await as('get /session/{session_id}/info', get('/session/none/info'));
  await as('post /session/{session_id}/clear', post('/session/s/clear', {}));
  await as('get /bots', get('/bots'));
  await as('get /bots', get('/bots?workspace_id=x'));
  await as('get /bots', get('/bots?workspace_id=99'));
  await as('post /files', post('/files', {}));
  await as('get /health', get('/health'));
  await as('get /metrics', get('/metrics'));
});

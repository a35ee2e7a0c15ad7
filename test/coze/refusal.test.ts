import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { RawRequest, Reply } from './raw-server.ts';
import { factsOf, hear, openStand, streaming, token } from './stand.ts';
import { begin, chatFailed, completed, delta, done, finish, frame } from './wire-samples.ts';

const refused = { code: 4016, msg: 'Conversation occupied', detail: { logid: '2025LOGID' } };

const factsOfReply = async (reply: (reply: Reply, request: RawRequest) => void) => {
  const { backend } = await openStand(reply);
  const { events, error } = await hear(backend);
  expect(events).toEqual([]);
  return factsOf(error);
};

describe('a refusal with status 200 in place of the stream', () => {
  const forms = [
    ['without a newline', JSON.stringify(refused)],
    ['with a newline', `${JSON.stringify(refused)}\n`],
    ['pretty-printed', JSON.stringify(refused, null, 2)],
    ['pretty-printed, with a newline', `${JSON.stringify(refused, null, 2)}\n`],
  ] as const;
  const types = ['application/json; charset=utf-8', 'text/event-stream', 'text/plain'];
  test.each(forms.flatMap(([form, body]) => types.map((type) => [form, type, body] as const)))(
    '%s, as %s',
    async (_, type, body) => {
      expect(await factsOfReply((reply) => reply.whole('200 OK', type, body))).toEqual({
        kind: 'occupied',
        code: 4016,
        said: 'Conversation occupied',
        logid: '2025LOGID',
        retryable: true,
      });
    },
  );

  test('cut into small packets', async () => {
    const facts = await factsOfReply((reply) => {
      reply.open('200 OK', 'application/json', 'X-Tt-Logid: HEADERLOG');
      for (const byte of Buffer.from('{\n"code": "4013"}\n')) reply.socket.write(Buffer.of(byte));
      reply.socket.end();
    });
    expect(facts).toEqual({ kind: 'busy', code: 4013, logid: 'HEADERLOG', retryable: true, isLimit: true });
  });
});

describe('a refusal with another status', () => {
  const json = (code: number, msg: string): string => JSON.stringify({ code, msg, detail: { logid: 'L' } });
  test.each([
    ['400 Bad Request', 4000, 'config', false],
    ['401 Unauthorized', 4100, 'token', false],
    ['401 Unauthorized', 700012006, 'token', false],
    ['403 Forbidden', 4101, 'config', false],
    ['404 Not Found', 4200, 'config', false],
    ['429 Too Many Requests', 4013, 'busy', true],
    ['500 Internal Server Error', 5000, 'busy', true],
    ['400 Bad Request', 4028, 'quota', false],
  ])('%s with code %i keeps its code and words', async (status, code, kind, retryable) => {
    const facts = await factsOfReply((reply) =>
      reply.whole(status, 'application/json', json(code, 'Coze said so')),
    );
    const limit = code === 4013 && { isLimit: true };
    expect(facts).toEqual({ kind, code, said: 'Coze said so', logid: 'L', retryable, ...limit });
  });

  test.each([
    [401, 'token', false],
    [403, 'config', false],
    [404, 'config', false],
    [429, 'busy', true],
    [500, 'busy', true],
    [502, 'busy', true],
    [503, 'busy', true],
    [504, 'busy', true],
  ])('%i without JSON is told by its status', async (status, kind, retryable) => {
    const page = '<html><h1>nginx</h1></html>';
    const facts = await factsOfReply((reply) => reply.whole(`${status} Nope`, 'text/html', page));
    const away = [502, 503, 504].includes(status) && { isAway: true };
    const limit = status === 429 && { isLimit: true };
    const said = 'text/html in place of a reply';
    expect(facts).toEqual({ kind, code: status, said, retryable, ...away, ...limit });
  });

  test('a page with status 200 comes from something that is not the API', async () => {
    const facts = await factsOfReply((reply) => reply.whole('200 OK', 'text/html', '<html>Welcome</html>'));
    expect(facts).toMatchObject({ kind: 'config', retryable: false });
  });

  test('a redirection is not followed', async () => {
    const facts = await factsOfReply((reply) =>
      reply.whole('302 Found', 'text/html', '', 'Location: /v3/other'),
    );
    expect(facts).toMatchObject({ kind: 'config', code: 302 });
  });

  test('Retry-After is kept', async () => {
    const facts = await factsOfReply((reply) =>
      reply.whole('429 Too Many', 'application/json', json(4013, ''), 'Retry-After: 7'),
    );
    expect(facts).toMatchObject({ kind: 'busy', retryAfterMs: 7_000 });
  });
});

describe('an error in the stream', () => {
  test('that comes first is a refusal', async () => {
    const { backend } = await openStand(streaming(frame('error', { code: 4013, msg: 'too fast' }) + done));
    const { error } = await hear(backend);
    expect(factsOf(error)).toEqual({
      kind: 'busy',
      code: 4013,
      said: 'too fast',
      retryable: true,
      isLimit: true,
    });
  });

  test('that comes after text keeps its kind, and is not asked again', async () => {
    const { backend } = await openStand(
      // Studio says that it has completed even so.
      streaming(begin + delta('Hi') + frame('error', { code: 4013, msg: 'x' }) + completed('Hi') + finish),
    );
    const { texts, answer, error } = await hear(backend);
    expect(texts).toEqual(['Hi']);
    expect(answer).toBeUndefined();
    expect(factsOf(error)).toEqual({ kind: 'busy', code: 4013, said: 'x', retryable: false });
  });

  test('that says nothing is a failure all the same', async () => {
    const { backend } = await openStand(streaming(begin + frame('error', {})));
    expect(factsOf((await hear(backend)).error)).toEqual({ kind: 'failed', retryable: false });
  });

  const failures: [string, string, object][] = [
    [
      'with last_error',
      chatFailed({ last_error: { code: 4028, msg: 'used up' } }),
      { kind: 'quota', code: 4028 },
    ],
    [
      'bare',
      frame('conversation.chat.failed', { code: 701231, msg: 'error' }),
      { kind: 'failed', code: 701231 },
    ],
    [
      'with its code as a string',
      frame('conversation.chat.failed', { code: '720702204', msg: 'error' }),
      { kind: 'failed', code: 720702204 },
    ],
    ['without a reason', chatFailed({}), { kind: 'failed' }],
  ];
  test.each(failures)('chat.failed %s', async (_, body, facts) => {
    const { backend } = await openStand(streaming(begin + delta('Hi') + body + done, 'X-Tt-Logid: LOG'));
    const { texts, error } = await hear(backend);
    expect(texts).toEqual(['Hi']);
    expect(factsOf(error)).toMatchObject({ ...facts, logid: 'LOG', retryable: false });
  });
});

describe('the token', () => {
  test('is in no error, even when the server repeats it', async () => {
    const body = JSON.stringify({ code: 4100, msg: `bad token ${token} (Authorization: Bearer ${token})` });
    const repeating = (reply: Reply) => reply.whole('401 Unauthorized', 'application/json', body);
    const { backend } = await openStand(repeating);
    expect(inspect((await hear(backend)).error, { depth: 9, showHidden: true })).not.toContain('SECRET');
    const { backend: other, server } = await openStand(() => undefined);
    await server.close();
    expect(inspect((await hear(other)).error, { depth: 9, showHidden: true })).not.toContain('SECRET');
  });
});

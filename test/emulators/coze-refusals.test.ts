import { describe, expect, test } from 'vitest';
import type { CozeEmulatorOptions } from '../../emulators/coze/index.ts';
import { ask, botId, call, clientOf, emulate, request } from './coze-client.ts';

const question = { role: 'user', content: 'hi', content_type: 'text' };
const objects = (...items: object[]) => ({
  ...question,
  content_type: 'object_string',
  content: JSON.stringify(items),
});
const text = { type: 'text', text: 'what is this?' };
const image = { type: 'image', file_id: '7300000000000000009' };
const body = (more: object = {}) => ({
  bot_id: botId,
  user_id: 'u1',
  stream: true,
  additional_messages: [question],
  ...more,
});

describe('a chat is refused', () => {
  const wrong: [why: string, code: number, body: unknown][] = [
    ['a body that is not JSON', 4000, '{"bot_id":'],
    ['a body that is no object', 4000, []],
    ['no bot_id', 4000, body({ bot_id: undefined })],
    ['bot_id as a number', 4000, body({ bot_id: 7379462189 })],
    ['no user_id', 4000, body({ user_id: undefined })],
    ['user_id as a number', 4000, body({ user_id: 42 })],
    ['no messages in a new conversation', 4000, body({ additional_messages: undefined })],
    ['101 messages', 4004, body({ additional_messages: Array(101).fill(question) })],
    ['content that is no string', 4000, body({ additional_messages: [{ ...question, content: [text] }] })],
    ['an unknown role', 4005, body({ additional_messages: [{ ...question, role: 'system' }] })],
    [
      'an assistant’s question',
      4005,
      body({ additional_messages: [{ ...question, role: 'assistant', type: 'question' }, question] }),
    ],
    [
      'a function call in a saved chat',
      4005,
      body({ additional_messages: [{ ...question, role: 'assistant', type: 'function_call' }, question] }),
    ],
    [
      'an answer as the last message',
      4005,
      body({ additional_messages: [{ ...question, role: 'assistant' }] }),
    ],
    [
      '17 pairs of meta_data',
      4003,
      body({ meta_data: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, 'v'])) }),
    ],
    ['a long key in meta_data', 4003, body({ meta_data: { ['k'.repeat(65)]: 'v' } })],
    ['a long value in meta_data', 4003, body({ meta_data: { k: 'v'.repeat(513) } })],
    ['an empty value in meta_data', 4003, body({ meta_data: { k: '' } })],
    [
      'a long value in a message’s meta_data',
      4003,
      body({ additional_messages: [{ ...question, meta_data: { k: 'v'.repeat(513) } }] }),
    ],
    ['a variable that is no string', 4000, body({ custom_variables: { name: 1 } })],
    ['a variable with a digit in its name', 4000, body({ custom_variables: { name1: 'x' } })],
    [
      'object_string that is no array',
      4000,
      body({ additional_messages: [{ ...question, content_type: 'object_string' }] }),
    ],
    ['two texts in object_string', 4000, body({ additional_messages: [objects(text, image, text)] })],
    ['a text alone in object_string', 4000, body({ additional_messages: [objects(text)] })],
    ['an image without text anywhere', 4000, body({ additional_messages: [objects(image)] })],
    ['an image without file', 4000, body({ additional_messages: [objects(text, { type: 'image' })] })],
    ['parameters as a string', 4000, body({ parameters: '{}' })],
    ['a draft with a version', 4000, body({ publish_status: 'unpublished_draft', bot_version: '1' })],
    ['neither stream nor history', 4007, body({ stream: false, auto_save_history: false })],
    ['an unknown bot', 4006, body({ bot_id: '1' })],
    ['a bot that is not published', 4015, body({ bot_id: '2' })],
  ];
  test.each(wrong)('%s: %i', async (_, code, sent) => {
    const bots = { [botId]: { published: true }, 2: { published: false } };
    const { emulator, url } = await emulate({ bots });
    const reply = await call(url, '/v3/chat', sent);
    expect(reply).toMatchObject({ status: 200, json: { code, detail: { logid: expect.any(String) } } });
    expect(emulator.chats()).toEqual([]);
  });

  test('in a conversation that does not exist', async () => {
    const { url } = await emulate();
    expect((await call(url, '/v3/chat?conversation_id=7300000000000000000', body())).json.code).toBe(4002);
    expect((await call(url, '/v3/chat?conversation_id=a%20b', body())).json.code).toBe(4000);
  });
});

describe('a chat is taken', () => {
  const right: [why: string, body: unknown][] = [
    ['100 messages', body({ additional_messages: Array(100).fill(question) })],
    ['meta_data at its limits', body({ meta_data: { ['k'.repeat(64)]: 'v'.repeat(512) } })],
    ['a text with an image', body({ additional_messages: [objects(text, image)] })],
    ['an image beside a text message', body({ additional_messages: [objects(image), question] })],
    [
      'a function call sent along when nothing is saved',
      body({
        auto_save_history: false,
        additional_messages: [{ ...question, role: 'assistant', type: 'function_call' }, question],
      }),
    ],
    ['variables', body({ custom_variables: { user_Name: 'Ada' } })],
  ];
  test.each(right)('%s', async (_, sent) => {
    const { url } = await emulate();
    expect((await call(url, '/v3/chat', sent)).headers.get('content-type')).toContain('text/event-stream');
  });

  test('without messages in a conversation that has a question', async () => {
    const { api, url } = await emulate();
    const { id } = await api.conversations.create({ messages: [question as never] });
    const reply = await call(url, `/v3/chat?conversation_id=${id}`, body({ additional_messages: undefined }));
    expect(reply.text).toContain('You said: hi');
  });
});

describe('a token', () => {
  const forms: [CozeEmulatorOptions['badToken'], number, number][] = [
    [undefined, 401, 4100],
    ['200', 200, 4100],
    ['700012006', 200, 700012006],
  ];
  test.each(forms)('that is not known is refused in the form %s', async (badToken, status, code) => {
    const { url } = await emulate({ tokens: ['pat_good'], ...(badToken && { badToken }) });
    for (const token of ['pat_bad', null])
      expect(await call(url, '/v1/users/me', undefined, token)).toMatchObject({ status, json: { code } });
    expect((await call(url, '/v1/users/me', undefined, 'pat_good')).json.code).toBe(0);
  });

  test('too many calls of one token are refused, for a second', async () => {
    let time = 0;
    const { emulator, api, url } = await emulate({ rateLimit: { perSecond: 2 }, now: () => time });
    for (let n = 0; n < 2; n++) expect((await ask(api, 'hi')).events.at(-1)?.event).toBe('done');
    expect((await ask(api, 'hi')).events).toMatchObject([{ event: 'error', data: { code: 4013 } }]);
    expect((await ask(clientOf(url, 'pat_other'), 'hi')).events.at(-1)?.event).toBe('done');
    time = 1_000;
    expect((await ask(api, 'hi')).events.at(-1)?.event).toBe('done');
    expect(emulator.chats()).toHaveLength(4);
  });

  test('too many calls can be a 429 instead', async () => {
    const rateLimit = { perSecond: 0, form: 'http', retryAfterSeconds: 3 } as const;
    const { url } = await emulate({ rateLimit });
    const reply = await call(url, '/v3/chat', { ...request('hi'), stream: true });
    expect(reply).toMatchObject({ status: 429, json: { code: 4013 } });
    expect(reply.headers.get('retry-after')).toBe('3');
  });
});

test('other calls are refused by their own rules', async () => {
  const { url, api } = await emulate({ bots: { [botId]: { published: false } } });
  const { id } = await api.conversations.create({});
  const list = `/v1/conversation/message/list?conversation_id=${id}`;
  const cases: [path: string, body: unknown, code: number][] = [
    ['/v1/conversation/create', { bot_id: '1' }, 5000],
    ['/v1/conversation/create', { name: 'n'.repeat(101) }, 4000],
    ['/v1/conversation/create', { messages: Array(17).fill(question) }, 4000],
    [list, { limit: 51 }, 4000],
    [list, { order: 'up' }, 4000],
    [list, { after_id: '7' }, 4000],
    ['/v1/conversation/retrieve?conversation_id=7', undefined, 4002],
    [`/v1/bots/${botId}`, undefined, 4015],
    ['/v1/bots/1', undefined, 4006],
    ['/v3/chat/cancel', { conversation_id: id }, 4000],
    [`/v3/chat/retrieve?conversation_id=${id}`, undefined, 4000],
    [`/v3/chat/retrieve?conversation_id=${id}&chat_id=7`, undefined, 4001],
  ];
  for (const [path, sent, code] of cases)
    expect((await call(url, path, sent)).json, path).toMatchObject({ code });
});

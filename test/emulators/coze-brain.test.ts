import { describe, expect, test } from 'vitest';
import { cutIntoPieces, defaultPace } from '../../emulators/coze/pace.ts';
import { answersOf, ask, call, emulate, idsOf } from './coze-client.ts';

describe('with nothing configured', () => {
  test('the answer repeats the question and shows what is remembered', async () => {
    const { api } = await emulate();
    const first = await ask(api, 'My name is Ada');
    expect(answersOf(first)[0]).toContain('You said: My name is Ada');
    expect(answersOf(first)[0]).toContain('I remember nothing');
    const second = await ask(api, 'And now?', { conversation_id: idsOf(first).conversationId });
    expect(answersOf(second)[0]).toContain('**2 earlier messages**');
    expect(answersOf(second)[0]).toContain('“My name is Ada”');
  });

  test('a Chinese question is answered in Chinese', async () => {
    const { api } = await emulate();
    const first = await ask(api, '你好');
    expect(answersOf(first)[0]).toContain('你说：你好');
    const second = await ask(api, '还记得吗？', { conversation_id: idsOf(first).conversationId });
    expect(answersOf(second)[0]).toContain('**2 条消息**');
  });

  test('a question with an image says so', async () => {
    const { api } = await emulate();
    const content = JSON.stringify([
      { type: 'text', text: 'look' },
      { type: 'image', file_id: '1' },
    ]);
    const question = { role: 'user', content, content_type: 'object_string' };
    const seen = await ask(api, '', { additional_messages: [question as never] });
    expect(answersOf(seen)[0]).toContain('You said: look — with 1 attached');
  });

  test.each([0, 1, 100, 4_096, 20_000])('“long %i” gives exactly that many characters', async (length) => {
    const { api } = await emulate();
    const [text = ''] = answersOf(await ask(api, `long ${length}`));
    expect(text).toHaveLength(length);
    expect(Array.from(text)).toHaveLength(length);
    expect((text.match(/```/g) ?? []).length % 2).toBe(0);
  });

  test('a long answer holds all kinds of Markdown, and code beyond any message', async () => {
    const { api } = await emulate();
    const [text = ''] = answersOf(await ask(api, 'long 20000'));
    for (const mark of ['## ', '**', '- ', '1. ', '|---', '> ', '[a link]', '。**'])
      expect(text).toContain(mark);
    const code = text.split('```').filter((_, index) => index % 2 === 1);
    expect(Math.max(...code.map(({ length }) => length))).toBeGreaterThan(4_096);
  });

  test('an answer comes in 6 to 10 characters at a time, and no emoji is torn', () => {
    const text = 'Hello 👋🏽 and 你好 to the whole wide world 🚀🚀🚀🚀🚀🚀🚀';
    const pieces = cutIntoPieces(text, defaultPace);
    expect(pieces.join('')).toBe(text);
    for (const piece of pieces.slice(0, -1)) {
      expect(Array.from(piece).length).toBeGreaterThanOrEqual(6);
      expect(Array.from(piece).length).toBeLessThanOrEqual(10);
      expect(piece).not.toMatch(/\p{Surrogate}/u);
    }
  });
});

describe('over HTTP', () => {
  test('an answer can be set, a fault ordered, requests read and all reset', async () => {
    const { emulator, api, url } = await emulate();
    expect((await call(url, '/_emulator/answer', { steps: [{ say: 'as told' }] })).status).toBe(200);
    expect(answersOf(await ask(api, 'hi'))).toEqual(['as told']);
    await call(url, '/_emulator/fault', { on: '/v3/chat', reply: 'json', code: 4009, times: 2 });
    for (let n = 0; n < 2; n++) expect((await ask(api, 'hi')).events[0]?.data.code).toBe(4009);
    const { json } = await call(url, '/_emulator/requests');
    expect(json.map(({ code }: { code?: number }) => code)).toEqual([undefined, 4009, 4009]);
    expect(json[0]).toMatchObject({ method: 'POST', path: '/v3/chat', token: 'pat_test', status: 200 });
    await call(url, '/_emulator/reset', '');
    expect(emulator.requests).toEqual([]);
    expect(emulator.conversations()).toEqual([]);
    expect(answersOf(await ask(api, 'hi'))[0]).toContain('You said: hi');
  });

  test('what is no script or fault is not taken', async () => {
    const { url } = await emulate();
    for (const wrong of [{}, { steps: [{ speak: 'x' }] }, { steps: 'x' }])
      expect((await call(url, '/_emulator/answer', wrong)).status).toBe(400);
    for (const wrong of [{}, { on: '/v3/chat', reply: 'oops' }])
      expect((await call(url, '/_emulator/fault', wrong)).status).toBe(400);
    expect((await call(url, '/_emulator/else')).status).toBe(404);
  });
});

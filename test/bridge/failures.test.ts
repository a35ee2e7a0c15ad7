import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { renderForTelegram } from '../../adapters/telegram/render.ts';
import type { Fault } from '../../emulators/coze/fault.ts';
import type { Script } from '../../emulators/coze/script.ts';
import { createStand, type Stand } from './stand.ts';

const beginning = 'The beginning of an answer, ';
const whole = `${beginning}and its end.`;
const say = [beginning, 'and its end.'];

/** One bridge meets them all, one after another; each in a chat of its own. */
let stand: Stand;
beforeAll(async () => {
  stand = await createStand('embedded');
  await stand.launch();
});
afterEach(() => stand.coze.reset());
afterAll(() => stand.endAndInspect());

/** What the reader sees in the end of a question that meets this. */
async function shown(
  script: Script,
  ends: RegExp,
  fault?: { fault: Fault; times?: number },
): Promise<string> {
  stand.coze.answer(script);
  if (fault) stand.coze.fault(fault.fault, fault.times);
  const chat = stand.telegram.privateChat();
  chat.say('hello');
  const texts = await stand.texts(chat, (now) => now.length === 1 && ends.test(now[0] ?? ''));
  return texts.join('|');
}

describe('a stream that breaks off is finished from Coze, asked once', () => {
  test.each<[string, Script['steps'][number]]>([
    ['cleanly', { cut: 'end' }],
    ['in the middle of a line', { cut: 'end', midLine: true }],
    ['by a dead socket', { cut: 'destroy' }],
    ['by a reset', { cut: 'reset' }],
  ])('%s', async (_, cut) => {
    const steps = [{ say: [beginning] }, { waitMs: 300 }, cut, { say: ['and its end.'] }];
    expect(await shown({ steps }, /end\.$/)).toBe(whole);
    expect(stand.questions()).toHaveLength(1);
  });
});

describe('a failure of Coze after a part of the answer is told under that part', () => {
  test.each<[string, Script['end'] & object, RegExp]>([
    ['last_error', { status: 'failed', code: 4028, msg: 'quota' }, /quota is used up/],
    ['code and msg', { status: 'failed', code: 701231, msg: 'x', shape: 'bare' }, /could not answer/],
    [
      'the code as a string',
      { status: 'failed', code: 720702204, msg: 'x', shape: 'string-code' },
      /could not answer/,
    ],
    ['an error event', { status: 'error', data: { code: 4014, msg: 'x' } }, /content rules/],
    ['an empty error event', { status: 'error', data: {} }, /could not answer/],
  ])('%s', async (_, end, words) => {
    const text = await shown({ steps: [{ say: [beginning] }], end }, /⚠️/);
    expect(text.startsWith(beginning.trim())).toBe(true);
    expect(text).toMatch(words);
  });
});

describe('a refusal of Coze is told in words', () => {
  const json = (code: number, form: 'compact' | 'newline' | 'pretty' | 'pretty-newline'): Fault => ({
    on: '/v3/chat',
    reply: 'json',
    code,
    msg: 'no',
    form,
  });
  test.each<[string, Fault, RegExp]>([
    ['4015 without a newline', json(4015, 'compact'), /not set up right/],
    ['4028 with a newline', json(4028, 'newline'), /quota is used up/],
    ['4100 pretty-printed', json(4100, 'pretty'), /access token/],
    ['4010 pretty-printed with a newline', json(4010, 'pretty-newline'), /too long/],
    ['HTTP 401', { on: '/v3/chat', reply: 'json', status: 401, code: 4100, msg: 'no' }, /access token/],
  ])('%s', async (_, fault, words) => {
    expect(await shown({ steps: [{ say }] }, /⚠️/, { fault })).toMatch(words);
  });
});

describe('a failure of Coze that passes is waited out', () => {
  test.each<[string, Fault]>([
    ['4013', { on: '/v3/chat', reply: 'json', code: 4013, msg: 'slow down' }],
    ['429', { on: '/v3/chat', reply: 'json', status: 429, code: 4013, msg: 'slow down', retryAfter: '1' }],
    ['502 as a page', { on: '/v3/chat', reply: 'html', status: 502 }],
    ['503', { on: '/v3/chat', reply: 'json', status: 503, code: 5000, msg: 'x' }],
    ['504', { on: '/v3/chat', reply: 'html', status: 504 }],
    ['a connection closed before any answer', { on: '/v3/chat', reply: 'drop' }],
    ['an empty answer', { on: '/v3/chat', reply: 'empty' }],
    ['when the conversation is opened', { on: '/v1/conversation/create', reply: 'html', status: 503 }],
  ])('%s', async (_, fault) => {
    expect(await shown({ steps: [{ say }] }, /end\.$/, { fault })).toBe(whole);
  });

  test('and one that does not is told after the fifth attempt', async () => {
    const fault: Fault = { on: '/v3/chat', reply: 'json', status: 503, code: 5000, msg: 'x' };
    expect(await shown({ steps: [{ say }] }, /⚠️/, { fault, times: 100 })).toMatch(
      /busy or cannot be reached/,
    );
    expect(stand.questions()).toHaveLength(5);
  });
});

describe('a recorded stream is shown whole', () => {
  const folder = resolve(import.meta.dirname, '../fixtures/coze');
  const recordings = Object.entries(
    JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
      string,
      { answers: string[]; shown?: string }
    >,
  ).filter(([, { answers }]) => answers.length > 0);

  test.each(recordings)('%s: whole, in pieces of 7 bytes, and with CRLF', async (name, { answers }) => {
    const recording = readFileSync(join(folder, `${name.replace(/\.sse$/, '')}.sse`), 'utf8');
    const answer = answers.map((one) => one.trim()).join('\n\n');
    const [{ text: expected } = { text: '' }] = renderForTelegram(answer).parts;
    const forms = [
      { raw: recording },
      { raw: recording, pieceBytes: 7 },
      { raw: recording.replaceAll('\n', '\r\n') },
    ];
    for (const form of forms) {
      stand.coze.answer({ bare: true, steps: [form] });
      const chat = stand.telegram.privateChat();
      chat.say('hello');
      expect(await stand.texts(chat, (texts) => texts[0] === expected)).toEqual([expected]);
    }
  });
});

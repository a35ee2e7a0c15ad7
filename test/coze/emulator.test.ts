import { describe, expect, onTestFinished, test } from 'vitest';
import { type CozeEmulatorOptions, startCozeEmulator } from '../../emulators/coze/index.ts';
import type { Script } from '../../emulators/coze/script.ts';
import type { ChatRef, CozeEvent } from '../../src/core/ports/coze.ts';
import { createCozeBackends } from '../../src/coze/client.ts';
import { eventually, factsOf, failureOf, hear, question } from './stand.ts';
import { createStillClock } from './still-clock.ts';

const open = async (options: CozeEmulatorOptions = {}) => {
  const emulator = await startCozeEmulator({ pace: { everyMs: 1 }, ...options });
  onTestFinished(() => emulator.close());
  const clock = createStillClock();
  const backend = createCozeBackends({
    token: 'pat_mine',
    botId: '7379462189365198898',
    baseUrl: emulator.url,
    saveHistory: true,
    clock,
  })();
  return { emulator, backend, clock };
};

const chatIn = (events: readonly CozeEvent[]): ChatRef => {
  const created = events.find((event) => event.type === 'created');
  if (!created) throw new Error('no chat was created');
  return created.chat;
};

describe.each(['hosted', 'studio'] as const)('against the %s emulator', (profile) => {
  test('a conversation is opened, asked, recovered and cleared', async () => {
    const { emulator, backend } = await open({ profile });
    emulator.answer({
      steps: [
        { think: 'Let me see.' },
        { tool: 'weather', arguments: { city: 'Berlin' }, output: '{}' },
        { say: 'The first answer 你好 🎉.', as: 'a' },
        { say: 'The second answer.', as: 'b' },
      ],
      followUps: ['And tomorrow?'],
    });
    const conversationId = await backend.openConversation();
    const { events, answer, error } = await hear(backend, undefined, { ...question, conversationId });
    expect(error).toBeUndefined();
    expect(answer).toBe('The first answer 你好 🎉.\n\nThe second answer.');
    expect(chatIn(events).conversationId).toBe(conversationId);
    expect((await backend.recover(chatIn(events), new AbortController().signal)).text).toBe(answer);
    await backend.cancel(chatIn(events));
    await backend.clear(conversationId);
  });

  test('an answer that is cut off is recovered', async () => {
    const { emulator, backend, clock } = await open({ profile });
    emulator.answer({ steps: [{ say: 'Half of ' }, { cut: 'reset', midLine: true }, { say: 'it.' }] });
    const conversationId = await backend.openConversation();
    const { events, error } = await hear(backend, undefined, { ...question, conversationId });
    expect(factsOf(error)).toMatchObject({ kind: 'cut', retryable: false });
    let recovered: string | undefined;
    const recovering = backend.recover(chatIn(events), new AbortController().signal);
    const noting = recovering.then(({ text }) => {
      recovered = text;
    });
    await eventually(() => {
      if (clock.sleeps(1_000)) clock.advance(1_000);
      return recovered;
    }).toBe('Half of it.');
    await noting;
  });
});

test('a second question in a conversation that is busy is refused as occupied', async () => {
  const { emulator, backend } = await open();
  emulator.answer({ steps: [{ say: 'Wait' }], end: { status: 'running' } });
  const conversationId = await backend.openConversation();
  const stop = new AbortController();
  const first = backend.ask({ ...question, conversationId }, stop.signal)[Symbol.asyncIterator]();
  const { value } = await first.next();
  const chat = chatIn([value]);
  const second = await hear(backend, undefined, { ...question, conversationId });
  expect(factsOf(second.error)).toMatchObject({ kind: 'occupied', code: 4016, retryable: true });
  await backend.cancel(chat);
  stop.abort(new Error('stopped'));
  await expect(first.next()).rejects.toThrow('stopped');
  expect(await failureOf(backend.recover(chat, new AbortController().signal))).toMatchObject({ kind: 'cut' });
});

test.each<[string, Script, string]>([
  ['last_error', { steps: [], end: { status: 'failed', code: 4028, msg: 'x' } }, 'quota'],
  ['bare', { steps: [], end: { status: 'failed', code: 4028, msg: 'x', shape: 'bare' } }, 'quota'],
  [
    'string-code',
    { steps: [], end: { status: 'failed', code: 4028, msg: 'x', shape: 'string-code' } },
    'quota',
  ],
  ['error', { steps: [{ say: 'Hi' }], end: { status: 'error', data: { code: 4014, msg: 'x' } } }, 'refused'],
  [
    'a tool',
    { steps: [], end: { status: 'requires_action', calls: [{ name: 'f', arguments: {} }] } },
    'config',
  ],
])('a chat that ends with %s fails as what it is', async (_, script, kind) => {
  const { emulator, backend } = await open();
  emulator.answer(script);
  const conversationId = await backend.openConversation();
  const { error } = await hear(backend, undefined, { ...question, conversationId });
  expect(factsOf(error)).toMatchObject({ kind, retryable: false });
});

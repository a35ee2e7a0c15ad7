import { describe, expect, test } from 'vitest';
import { startCozeEmulator } from '../../emulators/coze/index.ts';
import type { CozeEvent } from '../../src/core/ports/coze.ts';
import { partThoughts } from '../../src/coze/thoughts.ts';
import { hear, openStand, streaming } from './stand.ts';
import { begin, completed, delta, finish } from './wire-samples.ts';

async function told(body: string) {
  const { backend } = await openStand(streaming(begin + body + finish));
  const { events } = await hear(backend);
  const end = events.at(-1);
  const news = (event: CozeEvent) => (event.type === 'text' || event.type === 'reasoning' ? [event] : []);
  return { news: events.flatMap(news), answer: end?.type === 'done' ? end.answer : undefined };
}

const thinking = (thought: string, text = '') => delta(text, '1', { reasoning_content: thought });

describe('what a bot thinks', () => {
  test('is told as it grows, apart from the answer that follows', async () => {
    const { news, answer } = await told(
      thinking('Let me ') + thinking('see.') + delta('Hi') + completed('Hi', '1'),
    );
    expect(news).toEqual([
      { type: 'reasoning', text: 'Let me ' },
      { type: 'reasoning', text: 'Let me see.' },
      { type: 'text', text: 'Hi' },
    ]);
    expect(answer).toMatchObject({ text: 'Hi', reasoning: 'Let me see.' });
  });

  test('is replaced by what the whole message says of it, and kept where that says nothing', async () => {
    const whole = completed('Hi', '1', { reasoning_content: 'Let me see!' });
    expect((await told(thinking('Let me') + delta('Hi') + whole)).answer?.reasoning).toBe('Let me see!');
    expect((await told(thinking('Let me') + completed('Hi'))).answer?.reasoning).toBe('Let me');
  });

  test('is no answer: a bot that only thought has given none', async () => {
    const { answer } = await told(thinking('Hm.') + completed('', '1'));
    expect(answer).toMatchObject({ text: '', reasoning: 'Hm.' });
  });

  test('is known in the answer itself, where a model writes it between tags', async () => {
    const { news, answer } = await told(
      ['<th', 'ink>\nLet me', ' see.\n</think>', '\n\nHi'].map((piece) => delta(piece)).join('') +
        completed('<think>\nLet me see.\n</think>\n\nHi'),
    );
    expect(news).toEqual([
      { type: 'reasoning', text: 'Let me' },
      { type: 'reasoning', text: 'Let me see.' },
      { type: 'text', text: 'Hi' },
    ]);
    expect(answer).toMatchObject({ text: 'Hi', reasoning: 'Let me see.' });
  });

  test('an answer that speaks of the tag, and never closes it, is an answer', async () => {
    expect((await told(completed('<think> is a tag.'))).answer).toMatchObject({ text: '<think> is a tag.' });
    expect(partThoughts('See <think>a</think>', true)).toEqual({
      text: 'See <think>a</think>',
      reasoning: '',
    });
    expect(partThoughts('<', true)).toEqual({ text: '<', reasoning: '' });
  });
});

describe('what Coze suggests to ask next', () => {
  const suggested = (text: string, id: string) => completed(text, id, { type: 'follow_up' });

  test('comes with the answer, in order and as it is', async () => {
    const { answer } = await told(
      delta('Hi') + completed('Hi') + suggested(' And tomorrow? ', '5') + suggested('还有呢？', '6'),
    );
    expect(answer?.followUps).toEqual(['And tomorrow?', '还有呢？']);
  });

  test('is left out where there is none, or nothing in it', async () => {
    expect((await told(completed('Hi'))).answer).not.toHaveProperty('followUps');
    expect((await told(completed('Hi') + suggested('  ', '5'))).answer).not.toHaveProperty('followUps');
  });

  test('is there after a recovery too, and so is what was thought', async () => {
    const emulator = await startCozeEmulator({ pace: { everyMs: 1 } });
    try {
      const { backend } = await openStand(streaming(''), { baseUrl: emulator.url });
      emulator.answer({
        steps: [{ think: 'Let me see.' }, { say: 'Hi' }],
        followUps: ['And tomorrow?'],
      });
      const conversationId = await backend.openConversation();
      const question = { userId: 'u', text: 'hi', turnId: 't', speaker: { name: 'Mia', platform: 'p' } };
      const { events } = await hear(backend, undefined, { ...question, conversationId });
      const chat = events.flatMap((event) => (event.type === 'created' ? event.chat : [])).at(0);
      const answer = chat && (await backend.recover(chat, new AbortController().signal));
      expect(answer).toMatchObject({ text: 'Hi', followUps: ['And tomorrow?'] });
      expect(answer?.reasoning).toBe('Let me see.');
    } finally {
      await emulator.close();
    }
  });
});

import { expect, test } from 'vitest';
import { createAnswerSource } from '../../src/core/answer-source.ts';
import type { InboundMessage } from '../../src/core/message.ts';
import { openingLength } from '../../src/text/reasoning.ts';

const question: InboundMessage = {
  id: 'test:1',
  author: { id: '1', name: 'Ann' },
  text: 'What is <think>?',
  attachments: [],
  conversation: 'test:1',
  target: { platform: 'test', bot: 'bot', channel: '1' },
  at: 0,
} as unknown as InboundMessage;

test.each([true, false])('an answer that begins with the tag is no reasoning (shown: %s)', (shown) => {
  const source = createAnswerSource(question, shown);
  for (const text of ['<think>\nis a tag', '<think>', '<think> \n'])
    expect(openingLength(source({ text }), false)).toBeUndefined();
  expect(source({ text: '<think>\nis a tag' })).toBe('<\u200bthink>\nis a tag');
});

test('nor is one behind reasoning that is not shown', () => {
  const source = createAnswerSource(question, false);
  expect(openingLength(source({ text: '<think>\nis a tag', reasoning: 'Hm.' }), false)).toBeUndefined();
});

test('nor is one that Coze says in the end, in place of what it streamed', () => {
  const source = createAnswerSource(question, false);
  expect(source({ text: 'A tag that is no thought' })).toBe('A tag that is no thought');
  expect(source({ text: '<think>\nis a tag, and no thought' }, [])).toBe(
    '<\u200bthink>\nis a tag, and no thought',
  );
});

test('the reasoning of its own is', () => {
  const source = createAnswerSource(question, true);
  expect(openingLength(source({ text: 'Hi', reasoning: 'Hm.' }), false)).toBeGreaterThan(0);
});

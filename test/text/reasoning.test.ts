import { expect, test } from 'vitest';
import { joinReasoning } from '../../src/text/reasoning.ts';

test('an answer without reasoning is the answer alone', () => {
  expect(joinReasoning(' \n', 'Hi')).toBe('Hi');
});

test('reasoning stands before the answer, between lines of its own', () => {
  expect(joinReasoning('Hm.\nSo.', 'Hi')).toBe('<think>\nHm.\nSo.\n</think>\nHi');
});

test('while there is no answer it is not closed, so that it can grow', () => {
  expect(joinReasoning('Hm.\nSo.', 'Hi').startsWith(joinReasoning('Hm.\nSo.', ''))).toBe(true);
  expect(joinReasoning('Hm.\nSo.', '').startsWith(joinReasoning('Hm.', ''))).toBe(true);
});

test('a line in it that would end it is defused', () => {
  expect(joinReasoning('a\n </think> \nb </think>', 'Hi').match(/^\s*<\/think>\s*$/gm)).toHaveLength(1);
});

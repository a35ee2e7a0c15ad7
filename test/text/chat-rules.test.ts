import { expect, test } from 'vitest';
import { renderForDiscord } from '../../adapters/discord/render.ts';
import { renderForTelegram } from '../../adapters/telegram/render.ts';

const shown = (markdown: string) =>
  renderForTelegram(markdown)
    .parts.map(({ text }) => text)
    .join('\n');
const onDiscord = (markdown: string) =>
  renderForDiscord(markdown)
    .parts.map(({ text }) => text)
    .join('\n');

test.each(['- item', '1. one\n2. two', '- a\n  - b\n    c'])('a table may follow %j at once', (list) => {
  const table = '| a | b |\n|---|---|\n| 1 | 2 |';
  expect(shown(`${list}\n${table}`)).toBe(`${shown(list)}\na │ b\n──┼──\n1 │ 2`);
});

test.each(['a || b and c || d', 'if (a||b) or (c||d)', 'x ||y and z'])('no spoiler is in %j', (text) => {
  expect(shown(text)).toBe(text);
  expect(onDiscord(text)).toBe(text.replaceAll('||', '\\|\\|'));
});

test.each(['答案是||四十二||。', '||a b||', '||a || b||'])('one is in %j', (text) => {
  expect(onDiscord(text).match(/(?<!\\)\|\|/g)).toHaveLength(2);
});

test.each([
  ['参考\\[1\\]和\\[2, 3\\]', '参考[1]和[2, 3]'],
  ['\\[1\\]', '[1]'],
  ['\\[1\\] A title', '[1] A title'],
  ['事实[^3^]。', '事实[3]。'],
  ['\\[1+1\\]', '1+1'],
])('a source that is quoted keeps its brackets: %j', (markdown, text) => {
  expect(shown(markdown)).toBe(text);
});

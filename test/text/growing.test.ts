import { describe, expect, test } from 'vitest';
import { renderForTelegram } from '../../adapters/telegram/render.ts';

const shown = (markdown: string) =>
  renderForTelegram(markdown, undefined, true)
    .parts.map(({ text }) => text)
    .join('\n');

describe('while it streams, nothing is hidden for long', () => {
  test.each([
    'if a <b and so on it goes',
    '当x<y，后面的话',
    'for (i=0;i<n;i++) more',
    'text ![alt and long text goes on and on and on and on',
    'arr[0',
    'f(x) = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22',
    'a || b',
    'if (a || b) c',
  ])('%j is shown as it is', (text) => {
    expect(shown(text)).toBe(text);
  });

  test.each([
    ['a <br', 'a'],
    ['see <https://exa', 'see https://exa'],
    ['text ![alt', 'text'],
    ['see [te', 'see te'],
    ['参考\\[1', '参考'],
    ['x\n\\[1', 'x'],
  ])('%j shows no marks', (markdown, text) => {
    expect(shown(markdown)).toBe(text);
  });
});

describe('while it streams, no mark appears that nobody wrote', () => {
  test.each(['2 ** 10', 'x ** y', 'x ~~ y', 'x _ y', 'x __ y', 'x * y', '`a ** b` is 2'])('%j', (text) => {
    expect(shown(text)).toBe(text.replaceAll('`', ''));
  });

  test.each([
    ['1. **![a](https://img.', '1.'],
    ['foo[^1]', 'foo[1]'],
    ['a **b [c](https://x', 'a b c'],
  ])('%j', (markdown, text) => {
    expect(shown(markdown)).toBe(text);
  });
});

test.each(['**x', '`x', '[x](ht', '~~x', '![y](ht', '![y'])('an open cell shows no marks: %j', (cell) => {
  const word = cell.includes('x') ? 'x' : ' ';
  const head = '| a | b |\n|---|---|\n| 1 | 2 |\n';
  expect(shown(`${head}| ${cell}`)).toBe(`a │ b\n──┼──\n1 │ 2\n${word} │`);
  expect(shown(`${head}| 3 | ${cell}`)).toBe(`a │ b\n──┼──\n1 │ 2\n3 │ ${word}`.trimEnd());
});

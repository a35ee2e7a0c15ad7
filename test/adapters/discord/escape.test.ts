import { describe, expect, test } from 'vitest';
import { renderForDiscord } from '../../../adapters/discord/render.ts';

const shown = (markdown: string) =>
  renderForDiscord(markdown)
    .parts.map(({ text }) => text)
    .join('\n');

describe('a _ within a word', () => {
  test.each([
    ['snake_case https://example.com/a_/b', 'snake\\_case https://example.com/a_/b'],
    ['my_var and `x_`', 'my\\_var and `x_`'],
    ['**my_var _x_**', '**my\\_var _x_**'],
  ])('is escaped where a later one could close italics: %j', (markdown, text) => {
    expect(shown(markdown)).toBe(text);
  });

  test('is left alone elsewhere', () => {
    for (const text of ['snake_case and a_b_c', '`x_` and my_var', 'https://e.com/a_/ and my_var'])
      expect(shown(text)).toBe(text);
  });

  test('is encoded in the target of a link', () => {
    expect(shown('my_var [docs](https://zh.wikipedia.org/wiki/Python_(编程语言)?a_b)')).toBe(
      'my_var [docs](https://zh.wikipedia.org/wiki/Python%5F%28编程语言%29?a_b)',
    );
  });
});

test.each([
  ['**Using `*args` and `**kwargs`**', '**Using `*args` and** `**kwargs`'],
  ['**a `**` b**', '**a** `**` **b**'],
  ['*a `*` b*', '*a* `*` *b*'],
  ['~~a `~~` b~~', '~~a~~ `~~` ~~b~~'],
])('no style goes through code that holds its mark: %j', (markdown, text) => {
  expect(shown(markdown)).toBe(text);
});

test('brackets in a label are escaped, but not in its code', () => {
  expect(shown('[a `]` \\[b](https://e.com)')).toBe('[a `]` \\[b](https://e.com)');
});

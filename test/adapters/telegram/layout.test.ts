import { expect, test } from 'vitest';
import { renderForTelegram } from '../../../adapters/telegram/render.ts';
import { entitiesOf, expectValid } from './valid.ts';

const parts = (markdown: string) => renderForTelegram(markdown).parts;
const texts = (markdown: string) => parts(markdown).map(({ text }) => text);

test('a quote and code in an item begin a line', () => {
  for (const markdown of ['- a\n  > q\n  > r\n\n  ```\n  code\n  ```', '- > q\n  > r'])
    for (const part of parts(markdown))
      for (const { offset } of entitiesOf(part)) expect(part.text[offset - 1]).toBe('\n');
  expect(texts('- a\n  > q\n  > r')).toEqual(['• a\nq\nr']);
});

test.each(['***i **t**** 2*', '**a *b***c*d*', '*a **b*** **c** *d*', '~~a **b~~ c** *d **e*** f'])(
  'styles nest: %j',
  (markdown) => {
    for (const part of parts(markdown)) {
      expectValid(part);
      const entities = entitiesOf(part);
      for (const one of entities)
        for (const other of entities) {
          const isCrossing =
            one.offset < other.offset &&
            other.offset < one.offset + one.length &&
            one.offset + one.length < other.offset + other.length;
          expect(isCrossing, JSON.stringify(part)).toBe(false);
        }
    }
  },
);

test('a heading of nothing leaves no blank lines', () => {
  expect(texts('a\n\n# \n\nb')).toEqual(['a\n\nb']);
  expect(texts('# \n\na\n\n[](x)\n\n> \n\nb')).toEqual(['a\n\nb']);
});

import { expect, test } from 'vitest';
import { displayWidth, tableLines } from '../../src/text/table.ts';

test.each([
  ['plain', 5],
  ['中文', 4],
  ['é', 1],
  ['e\u0301', 1],
  ['👍🏽', 2],
  ['👨‍👩‍👧‍👦', 2],
  ['🇩🇪', 2],
  ['☺️', 2],
  ['ｆｕ', 4],
  ['a\u200bb', 2],
  ['한글', 4],
])('%j takes %i columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('cells are aligned as their column says, and a missing one is empty', () => {
  const rows = [['a', 'bb', 'ccc'], ['1', '2', '3'], ['中']];
  expect(tableLines(rows, [undefined, 'right', 'center'])).toEqual([
    'a  │ bb │ ccc',
    '───┼────┼────',
    '1  │  2 │  3',
    '中 │    │',
  ]);
});

test('a very wide cell does not move all the others out of sight', () => {
  expect(
    tableLines(
      [
        ['a', 'b'],
        ['c', 'd'],
        ['x'.repeat(90), 'y'],
      ],
      [undefined, undefined],
    )[0],
  ).toHaveLength(44);
});

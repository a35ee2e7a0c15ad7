import { describe, expect, test } from 'vitest';
import { renderForDiscord } from '../../adapters/discord/render.ts';
import { renderForTelegram } from '../../adapters/telegram/render.ts';

const shown = (markdown: string, growing = false) =>
  renderForDiscord(markdown, undefined, growing).parts.map(({ text }) => text);

const head = '| 方案 | 优点 | 缺点 |\n|---|---|---|\n';
const first = `| A | ${'这个方案的优点非常多'.repeat(4)} | [见](https://e.com) |\n`;

describe('a table that is too wide for a phone', () => {
  test('is shown row by row, each cell with its head', () => {
    expect(shown(`before\n\n${head}${first}| B | | 多 |\n\nafter`)).toEqual([
      `before\n\n**方案: A**\n优点: ${'这个方案的优点非常多'.repeat(4)}\n缺点: [见](https://e.com)\n\n**方案: B**\n优点:\n缺点: 多\n\nafter`,
    ]);
  });

  test('stays what its first row made it, in all parts', () => {
    const wide = shown(head + first + '| B | x | y |\n'.repeat(300));
    expect(wide.length).toBeGreaterThan(1);
    for (const text of wide) expect(text).not.toContain('│');
    const narrow = shown(`${head}| B | x | y |\n${first.repeat(100)}`);
    expect(narrow.length).toBeGreaterThan(1);
    for (const text of narrow) expect(text).toContain('│');
  });

  test('stays so while it grows', () => {
    const table = head + first + '| B | x | y |\n'.repeat(3);
    for (let end = (head + first).length; end < table.length; end++)
      expect(shown(table.slice(0, end), true)[0]).toMatch(/^\*\*方案: A\*\*\n优点: 这/);
  });
});

test('a cell as wide as a table may be is aligned', () => {
  const cell = 'x'.repeat(50);
  const [text = ''] = shown(`| a | b |\n|---|---|\n| ${cell} | c |\n| d | e |`);
  expect(new Set(text.split('\n').flatMap((line) => line.search(/[│┼]/)))).toEqual(new Set([-1, 51]));
});

test('the links of a table are below it, each one once', () => {
  const table =
    '| a | b |\n|---|---|\n| [x](https://e.com/x) | **[y](https://e.com/y)** |\n| [x](https://e.com/x) | |';
  expect(shown(`${table}\n\nend`)).toEqual([
    '```\na │ b\n──┼──\nx │ y\nx │\n```\n[x](https://e.com/x)\n[y](https://e.com/y)\n\nend',
  ]);
  expect(renderForTelegram(table).parts[0]?.text).toBe('a │ b\n──┼──\nx │ y\nx │\nx\ny');
});

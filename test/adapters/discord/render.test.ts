import { describe, expect, test } from 'vitest';
import { renderForDiscord } from '../../../adapters/discord/render.ts';
import { joinReasoning } from '../../../src/text/reasoning.ts';

const texts = (markdown: string) => renderForDiscord(markdown).parts.map(({ text }) => text);
const growing = (markdown: string) =>
  renderForDiscord(markdown, undefined, true).parts.map(({ text }) => text);

describe('Markdown becomes that of Discord', () => {
  test.each([
    ['__x__ is bold', '**x** is bold'],
    ['*it* and _it_ and ***both***', '*it* and *it* and ***both***'],
    ['**你好，世界。**这是', '**你好，世界。**这是'],
    ['~~gone~~ ||secret|| `a_b`', '~~gone~~ ||secret|| `a_b`'],
    ['# One\n### Three\n#### Four **x**', '# One\n### Three\n**Four x**'],
    ['a\n\n---\n\nb', 'a\n\n⎯⎯⎯⎯⎯⎯⎯⎯\n\nb'],
    ['- a\n  - b\n- [ ] c\n- [x] d', '- a\n  - b\n- ☐ c\n- ☑ d'],
    ['3. three\n4. four\n   - x', '3. three\n4. four\n   - x'],
    ['> a\n>> b', '> a\n> b'],
    ['[r][1] and [r]\n\n[1]: https://e.com/1', '[r](https://e.com/1) and [r]'],
    ['![alt](https://e.com/i.png)', '[alt](https://e.com/i.png)'],
    ['[https://e.com](https://e.com) <https://e.com/x>', 'https://e.com https://e.com/x'],
    ['[https://a.com](https://b.com)', 'https://a.com (<https://b.com>)'],
    ['[x](javascript:y) <b>h</b> &lt;', 'x <b>h</b> <'],
    ['````\n```\ncode\n```\n````', '```\n``\u200b`\ncode\n``\u200b`\n```'],
    ['~~~py\nx\n~~~', '```py\nx\n```'],
    ['\\(a_b\\)', '`a_b`'],
    ['| a | 名 |\n|---|--:|\n| 1 | 你好 |', '```\na │   名\n──┼─────\n1 │ 你好\n```'],
  ])('%j', (markdown, shown) => {
    expect(texts(markdown)).toEqual([shown]);
  });

  test.each([
    ['\\*no\\* \\_no\\_ \\|\\|no\\|\\|', '\\*no\\* \\_no\\_ \\|\\|no\\|\\|'],
    ['\\`no\\`', '\\`no\\`'],
    ['\\# no', '\\# no'],
    ['\\> no', '\\> no'],
    ['-# no', '\\-# no'],
    ['\\- no', '\\- no'],
    ['+ a\n\\+ no', '- a\n  \\+ no'],
    ['**open', '\\*\\*open'],
  ])('text that would be marks there is escaped: %j', (markdown, shown) => {
    expect(texts(markdown)).toEqual([shown]);
  });

  test.each([
    '5 * 3 = 15',
    'snake_case and file_name.ts',
    'https://a_b_c.com/_x_/*y*?z=~x',
    'Hi <@123>, C:\\dir (a) [b] {c} 50% #1 1-2 a|b a > b',
  ])('ordinary text is left alone: %j', (text) => {
    expect(texts(text)).toEqual([text]);
  });
});

describe('a long answer', () => {
  test('is cut into numbered parts of at most 2,000 characters', () => {
    const lines = Array.from({ length: 300 }, (_, index) => `Line ${index}: **bold** *and* ~~so~~ on.`);
    const { parts } = renderForDiscord(lines.join('\n'));
    expect(parts.map(({ text }) => text).join('\n')).toBe(lines.join('\n'));
    for (const { text } of parts) expect(text.length).toBeLessThanOrEqual(2_000);
    expect(parts.map(({ format }) => format)).toEqual(parts.map((_, nth) => ({ nth })));
  });

  test('of long paragraphs is cut at the end of a sentence rather than leave a message half empty', () => {
    const paragraph = 'This is a sentence of the text. '.repeat(37).trim();
    const all = texts(Array.from({ length: 9 }, () => paragraph).join('\n\n'));
    for (const text of all.slice(0, -1)) expect(text.length).toBeGreaterThan(1_300);
    for (const text of all) expect(text).toMatch(/^This [\s\S]*text\.$/);
    const code = `\`\`\`\n${'x = 1. y\n'.repeat(100)}\`\`\``;
    expect(texts(`${paragraph}\n\n${code}\n\n${paragraph}`)[0]).toBe(paragraph);
  });

  test('goes on where it is sealed, and so do the numbers', () => {
    const markdown = `\`\`\`js\n${'const x = 1;\n'.repeat(400)}\`\`\`\nthe end`;
    const whole = renderForDiscord(markdown);
    const rest = renderForDiscord(markdown, renderForDiscord(markdown.slice(0, 3_000)).sealed);
    expect(rest.parts).toEqual(whole.parts.slice(1));
    expect(rest.sealed).toEqual(whole.sealed);
  });

  test('goes on in its fence, its quote, its list and its table', () => {
    for (const text of texts(`\`\`\`js\n${'const x = 1;\n'.repeat(400)}\`\`\``))
      expect(text).toMatch(/^```js\n[^`]*\n```$/);
    for (const text of texts(`> ${'A sentence. '.repeat(400)}`)) expect(text).toMatch(/^> A/);
    const list = texts(Array.from({ length: 200 }, () => '1. an item of the list').join('\n'));
    expect(list.join('\n')).toBe(
      Array.from({ length: 200 }, (_, at) => `${at + 1}. an item of the list`).join('\n'),
    );
    for (const text of texts(`| a | b |\n|---|---|\n${'| one | two |\n'.repeat(400)}`))
      expect(text).toMatch(/^```\na {3}│ b\n────┼────\none │ two\n[^`]*```$/);
  });

  test('a bold passage that is longer than a message is bold in all of them', () => {
    const all = texts(`**${'很长的一句话，'.repeat(600)}**`);
    expect(all.length).toBeGreaterThan(2);
    for (const text of all) expect(text).toMatch(/^\*\*[^*]+\*\*$/);
  });

  test('cuts no link, no code and no bold words where there is another place', () => {
    for (let words = 370; words < 400; words++) {
      const spans =
        '[some words of a link](https://example.com/a) and `some code of it` and **some bold words**';
      const all = texts(`${'word '.repeat(words)}${spans} ${'word '.repeat(100)}`);
      expect(all).toHaveLength(2);
      expect(all.join(' ')).toContain(spans);
    }
  });

  test('does not take what follows a table for a row', () => {
    const block = '| a | b |\n|---|---|\n| one | two |\n| three | four |\n\nAfter the table.\n\n';
    for (let length = 1; length < 120; length += 6) {
      const all = texts(`${'x'.repeat(length)}\n\n${block.repeat(40)}`);
      expect(all.length).toBeGreaterThan(1);
      for (const text of all) expect(text).not.toMatch(/After the table\. *│/);
      expect(all.join('\n').match(/^After the table\.$/gm)).toHaveLength(40);
    }
  });

  test('a definition counts for all parts behind it', () => {
    const all = texts(`[r]: https://e.com/r\n\n${'word '.repeat(700)}\n\nsee [r]`);
    expect(all.at(-1)).toContain('see [r](https://e.com/r)');
  });
});

describe('while it streams', () => {
  test.each([
    ['a **bo', 'a **bo**'],
    ['a ~~', 'a'],
    ['see [text](http://exa', 'see text'],
    ['head\n==', 'head'],
    ['```js\nlet', '```js\nlet\n```'],
    ['text\n| a | b |\n|-', 'text'],
  ])('%j shows no marks', (markdown, shown) => {
    expect(growing(markdown)).toEqual([shown]);
  });
});

describe('nothing that Discord would refuse or trim away is in a part', () => {
  test('white space, control characters, halves of characters', () => {
    expect(texts('')).toEqual([]);
    expect(texts(' \n\t\u200b\u00a0\u3000\u2028')).toEqual([]);
    expect(texts('  a\ud800c\r\nd\u0007  ')).toEqual(['a\ufffdc\nd']);
  });
});

describe('reasoning is small print before the answer', () => {
  test('each line of it, whatever it holds', () => {
    expect(texts(joinReasoning('# So\n- **a**\n```\n-# x\n```\n> q', '# Answer'))).toEqual([
      '-# 💭 **So**\n-# - **a**\n-# \\-# x\n-# q\n# Answer',
    ]);
  });

  test('also while there is nothing else, and never from the middle of an answer', () => {
    expect(growing('<think>\nhm')).toEqual(['-# 💭 hm']);
    expect(growing('<thi')).toEqual([]);
    expect(growing('<think>\nhm\n</thi')).toEqual(['-# 💭 hm']);
    expect(texts('Hi\n<think>\nx')).toEqual(['Hi\n<think>\nx']);
  });

  test('a line in it that would end it does not', () => {
    expect(texts(joinReasoning('a\n</think>\nb', 'c'))).toEqual(['-# 💭 a\n-# <\u200b/think>\n-# b\nc']);
  });
});

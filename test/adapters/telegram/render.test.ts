import { describe, expect, test } from 'vitest';
import { renderForTelegram, renderRichForTelegram } from '../../../adapters/telegram/render.ts';
import { joinReasoning } from '../../../src/text/reasoning.ts';
import { entitiesOf, expectValid } from './valid.ts';

const parts = (markdown: string) => renderForTelegram(markdown).parts;
const texts = (markdown: string) => parts(markdown).map(({ text }) => text);
const growing = (markdown: string) =>
  renderForTelegram(markdown, undefined, true).parts.map(({ text }) => text);

/** What is shown in another way than plain. */
function styled(markdown: string): string[] {
  return parts(markdown).flatMap((part) =>
    entitiesOf(part).map(({ type, offset, length, ...more }) =>
      [type, ...Object.values(more), part.text.slice(offset, offset + length)].join(' '),
    ),
  );
}

describe('Markdown becomes text and entities', () => {
  test('styles, code and links', () => {
    const markdown = '**bold** *it* ~~gone~~ ||secret|| `a_b` [here](https://example.com/x)';
    expect(texts(markdown)).toEqual(['bold it gone secret a_b here']);
    expect(styled(markdown)).toEqual([
      'bold bold',
      'italic it',
      'strikethrough gone',
      'spoiler secret',
      'code a_b',
      'text_link https://example.com/x here',
    ]);
  });

  test('bold ends before Chinese letters too', () => {
    expect(styled('**你好，世界。**这是**“引用”**文字')).toEqual(['bold 你好，世界。', 'bold “引用”']);
  });

  test('a heading is bold, code keeps its language, a rule is a line', () => {
    const markdown = '## Title\ntext\n\n```js\nlet x;\n\ty();\n```\n---\nend';
    expect(texts(markdown)).toEqual([`Title\ntext\n\nlet x;\n    y();\n${'⎯'.repeat(8)}\nend`]);
    expect(styled(markdown)).toEqual(['bold Title', 'pre js let x;\n    y();']);
  });

  test('lists keep their nesting, their numbers and their boxes', () => {
    expect(texts('- a\n  - b\n- [ ] todo\n- [x] done\n\n3. three\n4. four\n   1. one')).toEqual([
      '• a\n  ◦ b\n☐ todo\n☑ done\n\n3. three\n4. four\n  1. one',
    ]);
  });

  test('a table is aligned, and Chinese letters count as two', () => {
    const markdown = '| 名称 | n |\n|---|--:|\n| a | 1 |\n| 中文字 | 20 |';
    expect(texts(markdown)).toEqual(['名称   │  n\n───────┼───\na      │  1\n中文字 │ 20']);
    expect(styled(markdown)[0]).toMatch(/^pre /);
  });

  test('no word of a row is lost, though the head has no column for it', () => {
    expect(texts('| a |\n|---|\n| b | c | d |')[0]).toContain('b c d');
  });

  test('quotes are one, however deep', () => {
    expect(styled('> one\n> > two')).toEqual(['blockquote one\ntwo']);
  });

  test('an image is a link, a footnote is readable, HTML is text', () => {
    const markdown = '![alt](https://e.com/i.png) a[^1] <b>x</b> &lt; a<br>b\n\n[^1]: The note.';
    expect(texts(markdown)).toEqual(['alt a[1] <b>x</b> < a\nb\n\n[1]: The note.']);
    expect(styled(markdown)).toEqual(['text_link https://e.com/i.png alt']);
  });

  test('an address that must not be opened is dropped, and its words stay', () => {
    const markdown =
      '[a](javascript:alert(1)) [b](data:text/html,x) ![c](file:///x) [d](vbscript:x) [e](/rel) ' +
      '[f](tg://user?id=1) [g](tg://proxy?server=x) [h](mailto:a@b.c)';
    expect(texts(markdown)).toEqual(['a b c d e f g h']);
    expect(styled(markdown)).toEqual([]);
  });

  test('formulas keep their backslashes and underscores, and sums of money are none', () => {
    expect(texts('\\(a_b \\frac{1}{2}\\) and $x_1$ cost $5 or $6.\n\n$$\na_1 \\\\\n$$')).toEqual([
      'a_b \\frac{1}{2} and x_1 cost $5 or $6.\n\na_1 \\\\',
    ]);
  });

  test('an address keeps what would be marks elsewhere', () => {
    expect(texts('https://a_b_c.com/_x_/*y* file_name.ts 5 * 3')).toEqual([
      'https://a_b_c.com/_x_/*y* file_name.ts 5 * 3',
    ]);
  });
});

describe('what Telegram would change is changed before', () => {
  test('white space, TABs and characters that it takes out', () => {
    expect(texts('\n a\tb\r\nc\u0001d\u202ef\u030ag  \n')).toEqual(['a    b\nc dfg']);
    expect(texts('Hi \ud83d')).toEqual(['Hi']);
    expect(texts('Hi \ud83d there')).toEqual(['Hi \ufffd there']);
    expect(renderForTelegram('\u200b \n\u2800')).toEqual({
      sealed: { parts: 0, offset: 0, carry: '' },
      parts: [],
    });
  });

  test('more styles than a message may have go on in the next one', () => {
    const all = parts('**a** b\n'.repeat(250));
    expect(all.length).toBe(3);
    for (const part of all) expect(entitiesOf(part).length).toBeLessThanOrEqual(95);
    for (const part of all) expectValid(part);
  });
});

describe('a long answer', () => {
  test('is cut between blocks, into parts that are more than half full', () => {
    const paragraphs = Array.from(
      { length: 200 },
      (_, at) => `Paragraph ${at} says **a little** more than that.`,
    );
    const all = texts(paragraphs.join('\n\n'));
    expect(all.join('\n\n')).toBe(paragraphs.join('\n\n').replaceAll('**', ''));
    for (const text of all.slice(0, -1)) expect(text.length).toBeGreaterThan(2_048);
  });

  test('goes on in its fence, its list and its table', () => {
    const code = parts(`\`\`\`py\n${'print("line")\n'.repeat(600)}\`\`\``);
    expect(
      code.map((part) => entitiesOf(part).map((entity) => ('language' in entity ? entity.language : ''))),
    ).toEqual([['py'], ['py'], ['py']]);
    const list = texts(Array.from({ length: 400 }, () => '1. an item of the list').join('\n'));
    expect(list.join('\n')).toBe(
      Array.from({ length: 400 }, (_, at) => `${at + 1}. an item of the list`).join('\n'),
    );
    const table = texts(`| head | 头 |\n|---|---|\n${'| one cell | another |\n'.repeat(300)}`);
    expect(table.length).toBeGreaterThan(1);
    for (const text of table) expect(text).toMatch(/^head +│ 头\n─+┼─+\none cell │ another\n/);
  });

  test('cuts no link and no style where there is another place', () => {
    const spans = '[some words of a link](https://example.com/a) and **some bold words**';
    for (let words = 790; words < 820; words++) {
      const all = parts(`${'word '.repeat(words)}${spans} ${'word '.repeat(200)}`);
      expect(all).toHaveLength(2);
      expect(all.flatMap((part) => entitiesOf(part).map(({ length }) => length))).toEqual([20, 15]);
      for (const { text } of all) expect(text).not.toMatch(/[[\]*]/);
    }
  });

  test('has no more of long addresses in a part than Telegram takes', () => {
    const all = parts(`[a link](https://example.com/${'x'.repeat(300)}) `.repeat(60));
    expect(all.length).toBeGreaterThan(1);
    for (const part of all) expectValid(part);
  });
});

describe('while it streams', () => {
  test.each([
    ['a **bo', 'a bo'],
    ['a **', 'a'],
    ['a `co', 'a co'],
    ['see [te', 'see te'],
    ['see [text](http://exa', 'see text'],
    ['an ![ima', 'an'],
    ['head\n--', 'head'],
    ['||sec', 'sec'],
    ['```js\nlet', 'let'],
    ['| a | b |\n|-', ''],
    ['\\(a_', 'a_'],
  ])('%j shows no marks', (markdown, shown) => {
    expect(growing(markdown)).toEqual(shown === '' ? [] : [shown]);
  });

  test('and when it is whole, marks that nothing has closed are shown', () => {
    expect(texts('a **bo')).toEqual(['a **bo']);
    expect(texts('| a | b |')).toEqual(['| a | b |']);
  });
});

describe('reasoning', () => {
  test('is a quote to unfold, before the answer', () => {
    expect(styled(joinReasoning('First **this**.\n> then', 'The answer.'))).toEqual([
      'expandable_blockquote 💭\nFirst this.\nthen',
      'bold this',
    ]);
    expect(texts(joinReasoning('Hm.', 'The answer.'))).toEqual(['💭\nHm.\nThe answer.']);
  });

  test('that is all there is so far, and over several parts', () => {
    const all = parts(joinReasoning('A long thought. '.repeat(600), ''));
    expect(all.length).toBeGreaterThan(1);
    for (const part of all)
      expect(entitiesOf(part)).toMatchObject([{ type: 'expandable_blockquote', offset: 0 }]);
  });

  test('anywhere else it is text', () => {
    expect(texts('Hi\n<think>\nx\n</think>')).toEqual(['Hi\n<think>\nx\n</think>']);
  });
});

describe('the source of a rich message', () => {
  const rich = (markdown: string) =>
    renderRichForTelegram(markdown).parts.map(({ format }) => (format as { rich: string }).rich);

  test('has no sums that could be formulas, no HTML, no images and no unsafe links', () => {
    expect(rich('$5 <b>x</b> ![alt](https://e.com/i.png) [x](javascript:y) `$1`')).toEqual([
      '\\$5 \\<b\\>x\\</b\\> [alt](https://e.com/i.png) x `$1`',
    ]);
  });

  test('is a whole document in each part', () => {
    const [, second] = rich(`\`\`\`py\n${'print("line")\n'.repeat(400)}\`\`\``);
    expect(second).toMatch(/^```py\n[\s\S]*\n```$/);
    expect(rich('- [x] a\n\n| a | b |\n|--|:-:|\n| 1 | 2 |\n\n> q')).toEqual([
      '- [x] a\n\n| a | b |\n| --- | :-: |\n| 1 | 2 |\n\n> q',
    ]);
  });

  test('has at most 20 columns', () => {
    const row = (cell: string) => `|${cell.repeat(25)}`;
    const [source = ''] = rich([row(' a |'), row('---|'), row(' b |')].join('\n'));
    expect(source.split('\n')[0]?.split('|').length).toBe(22);
    expect(source).toContain('b / b / b');
  });
});

import { describe, expect, test } from 'vitest';
import { split } from '../../src/text/split.ts';
import { randomMarkdown } from './random-markdown.ts';
import { type Seeded, seeded } from './seeded.ts';

const cut = (source: string, limit: number) => split(source, limit).parts;

describe('where a text is cut', () => {
  test('a text that fits is one part, without the white space around it', () => {
    expect(cut('\n\n  Hello  \n there \n', 20)).toEqual(['Hello  \n there']);
  });

  test('nothing to see is no part', () => {
    for (const nothing of ['', ' \n\t ', '\u200b\u2060\ufeff', '\u2800\u3000\u00ad', '\ud83d'])
      expect(cut(nothing, 40)).toEqual([]);
  });

  test('before a new block rather than at the end of a line', () => {
    expect(cut('one two three four\nfive six\n\nseven eight\nnine ten eleven', 50)).toEqual([
      'one two three four\nfive six',
      'seven eight\nnine ten eleven',
    ]);
  });

  test('at the end of a line rather than of a sentence', () => {
    expect(cut('one two three four five six\nseven. eight. nine ten', 40)).toEqual([
      'one two three four five six',
      'seven. eight. nine ten',
    ]);
  });

  test('after a sentence rather than before a word', () => {
    expect(cut('One two 3.14 three four. Five six seven eight', 40)).toEqual([
      'One two 3.14 three four.',
      'Five six seven eight',
    ]);
    expect(cut('你好世界你好世界。“很好！”然后继续下去没有停下来', 20)).toEqual([
      '你好世界你好世界。“很好！”',
      '然后继续下去没有停下来',
    ]);
  });

  test('before a word rather than inside it', () => {
    expect(cut('one two three four five six seven', 30)).toEqual(['one two three four five six', 'seven']);
  });

  test('between characters where there is nothing better, and never inside one', () => {
    const family = '👨‍👩‍👧‍👦';
    expect(cut(family.repeat(5), 40)).toEqual([family.repeat(3), family.repeat(2)]);
    expect(cut('🇩🇪'.repeat(12), 42)).toEqual(['🇩🇪'.repeat(10), '🇩🇪'.repeat(2)]);
  });

  test('a character that no longer fits goes to the next part whole, though only its last mark is too much', () => {
    expect(cut(`${'x'.repeat(39)}☺\ufe0f`, 40)).toEqual(['x'.repeat(39), '☺\ufe0f']);
  });

  test('not after a sentence end that a mark belongs to', () => {
    const [first] = cut(`${'好'.repeat(25)}！\ufe0f${'后'.repeat(30)}`, 40);
    expect(first).toBe(`${'好'.repeat(25)}！\ufe0f${'后'.repeat(13)}`);
  });

  test('a character longer than a part is cut between code points', () => {
    const marks = `x${'\u0301'.repeat(60)}y`;
    expect(cut(marks, 40).join('')).toBe(marks);
    const joined = `👨${'\u200d👩'.repeat(20)}`;
    expect(cut(joined, 40)[0]).toBe(`👨${'\u200d👩'.repeat(12)}\u200d`);
  });

  test('never so early that a part becomes tiny', () => {
    expect(cut(`Hi.\n\n${'x'.repeat(60)}`, 40)).toEqual([`Hi.\n\n${'x'.repeat(35)}`, 'x'.repeat(25)]);
  });

  test('a TAB takes four', () => {
    expect(cut('aaaa\tbbbb\tcccc', 16)).toEqual(['aaaa\tbbbb', 'cccc']);
  });
});

describe('a code fence', () => {
  const code = (lines: number) => Array.from({ length: lines }, (_, line) => `line ${line};`).join('\n');

  test('is closed where it is cut, and opened again with its language', () => {
    expect(cut(`\`\`\`js\n${code(14)}\n\`\`\``, 80)).toEqual([
      `\`\`\`js\n${code(8)}\n\`\`\``,
      `\`\`\`js\n${code(14).split('\n').slice(8).join('\n')}\n\`\`\``,
    ]);
  });

  test('keeps its indentation and its quote marks, but not the list mark', () => {
    const [, second] = cut(`> - ~~~~py\n${`>   ${'x'.repeat(20)}\n`.repeat(6)}>   ~~~~\n`, 100);
    expect(second).toMatch(/^> {3}~~~~py\n> {3}x{20}\n[^~]*> {3}~~~~$/);
  });

  test('goes to the next part whole, when this part is at least a quarter full', () => {
    const fence = `\`\`\`\n${code(7)}\n\`\`\``;
    expect(cut(`${'word '.repeat(6)}\n${fence}`, 80)).toEqual([`${'word '.repeat(6).trim()}`, fence]);
  });

  test('is cut when the part before it would be tiny', () => {
    const parts = cut(`Look:\n\`\`\`\n${code(14)}\n\`\`\``, 80);
    expect(parts[0]).toBe(`Look:\n\`\`\`\n${code(8)}\n\`\`\``);
  });

  test('keeps the indentation of the line that follows the cut', () => {
    const [, second] = cut(`\`\`\`\n${'x'.repeat(60)}\n\n    indented\n${'y'.repeat(30)}\n\`\`\``, 80);
    expect(second).toBe(`\`\`\`\n    indented\n${'y'.repeat(30)}\n\`\`\``);
  });

  test('that ends right behind the cut is not opened again for nothing', () => {
    const body = code(9).slice(0, 72);
    const source = `\`\`\`\n${body}\n\n\n\`\`\`\nThe text goes on.`;
    expect(cut(source, 80)).toEqual([`\`\`\`\n${body}\n\`\`\``, 'The text goes on.']);
    for (let end = 0; end <= source.length; end++)
      for (const part of cut(source.slice(0, end), 80)) expect(part).not.toMatch(/^```\n`+$/);
  });

  test('a marker within a line is no fence, even where a part begins with it', () => {
    const parts = cut(`${'x'.repeat(37)} ~~~\n${'word '.repeat(20)}`, 40);
    expect(parts[1]).toBe('~~~\nword word word word word word word');
    expect(parts.slice(2).join('')).not.toContain('~');
  });
});

describe('in ten thousand random documents', () => {
  const documents = (count: number, check: (source: string, limit: number, random: Seeded) => void) => {
    for (let seed = 1; seed <= count; seed++) {
      const random = seeded(seed);
      check(randomMarkdown(random), 200 + random.below(300), random);
    }
  };

  test('every part fits, shows something, and has its fences closed', () => {
    documents(10_000, (source, limit) => {
      const parts = cut(source, limit);
      for (const [index, part] of parts.entries()) {
        expect(part.replaceAll('\t', '    ').length).toBeLessThanOrEqual(limit);
        expect(part).toMatch(shown);
        if (index < parts.length - 1 && openFence(part)) expect.fail(`open fence: ${JSON.stringify(part)}`);
      }
    });
  });

  test('every character is there once and in order, but for white space and repeated fence lines', () => {
    documents(3_000, (source, limit) => {
      expect(cut(source, limit).map(charactersOf).join('')).toBe(charactersOf(source));
    });
  });

  test('appending text changes no part but the last, and takes none away', () => {
    documents(250, (source, limit) => {
      const whole = cut(source, limit);
      let before = 0;
      for (let end = 0; end <= source.length; end++) {
        const parts = cut(source.slice(0, end), limit);
        const isStable = parts.every((part, index) => index === parts.length - 1 || part === whole[index]);
        if (!isStable || parts.length < before) expect.fail(JSON.stringify({ end, before, parts, whole }));
        before = parts.length;
      }
    });
  });

  test('and so it is wherever a fence begins or ends', () => {
    for (let before = 0; before < 120; before++) {
      const source = `${'a'.repeat(45)}\n\n${'b'.repeat(before % 60)}\n\`\`\`js\n${'c'.repeat(before / 2)}\n  \`\`\`\n${'d'.repeat(90)}`;
      const whole = cut(source, 80);
      for (let end = 0; end <= source.length; end++) {
        const settled = cut(source.slice(0, end), 80).slice(0, -1);
        expect(settled).toEqual(whole.slice(0, settled.length));
      }
    }
  });

  test('going on from where an earlier text was settled gives the same parts', () => {
    documents(10_000, (source, limit, random) => {
      const sofar = split(source.slice(0, random.below(source.length + 1)), limit);
      const settled = sofar.parts.slice(0, -1);
      expect([...settled, ...split(source, limit, sofar.last).parts]).toEqual(cut(source, limit));
    });
  });

  test('parts are not tiny: on average they are more than an eighth full', () => {
    documents(2_000, (source, limit) => {
      const lengths = cut(source, limit).map((part) => part.length);
      const average =
        lengths.slice(0, -1).reduce((sum, length) => sum + length, 0) / (lengths.length - 1 || 1);
      if (lengths.length > 1) expect(average).toBeGreaterThan(limit / 8);
    });
  });
});

const shown = /[^\s\p{Default_Ignorable_Code_Point}]/u;
const fenceLine = /^[> \t]*(?:(?:[-*]|1\.)[ \t]+)?(`{3,}|~{3,})([^`]*)$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What must survive: all graphemes that show something, except in the lines that open and close fences. */
function charactersOf(text: string): string {
  let characters = '';
  for (const line of text.split(/\r?\n/)) {
    if (fenceLine.test(line)) continue;
    for (const { segment } of graphemes.segment(line)) if (shown.test(segment)) characters += `${segment}|`;
  }
  return characters;
}

function openFence(part: string): boolean {
  let open: string | undefined;
  for (const line of part.split('\n')) {
    const [, marker = '', info = ''] = fenceLine.exec(line) ?? [];
    if (marker === '') continue;
    if (open === undefined) open = marker;
    else if (marker.startsWith(open) && info.trim() === '' && !/[-*1]/.test(line)) open = undefined;
  }
  return open !== undefined;
}

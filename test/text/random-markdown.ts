import type { Seeded } from './seeded.ts';

const words = [
  'a',
  'the',
  'answer',
  'is',
  'forty-two',
  'e.g.',
  '3.14',
  '“quoted”',
  '**bold**',
  '`code`',
  'end.',
];
const exotic = [
  '👨‍👩‍👧‍👦',
  '👍🏽',
  '🇩🇪🇫🇷🇯🇵',
  'e\u0301te\u0301',
  '각',
  'क्षि',
  '☺️',
  '\u200b',
  '\u3000',
  'שלום',
  '𝒳',
  'z\u0335\u0321\u0322',
];
const nasty = [
  '**',
  '~~',
  '||',
  '`',
  '```',
  '[',
  '](',
  '![',
  '$',
  '$$',
  '\\(x_1',
  '\\)',
  '\\[',
  '\\]',
  '<b>',
  '<br>',
  '&lt;',
  '&#0;',
  '<think>',
  '</think>',
  '\ud83d',
  '\udc00',
  '\0',
  '\u202e',
  '\u2028',
  '\u0333',
  '*a**b*',
  '__x__',
  '[^1]',
  '[r]',
  '[r][1]',
  '|',
  '\\',
  '#',
  '>',
  '-#',
  '@everyone',
  '<@123>',
  'a_b_c',
];
const linked = [
  '[link](https://example.com/a_b)',
  '[](https://example.com)',
  '[bad](javascript:alert(1))',
  '![image](https://example.com/x.png)',
  'https://example.com/a_b_c?d=*e*',
  '<https://example.com>',
  '[**so** `it`](https://例え.jp/道)',
  '[long](https://example.com/?q=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx)',
];
const styled = [
  '**你好，世界。**这是',
  '*it*',
  '~~struck~~',
  '||hidden||',
  '***both***',
  '**“引用”**文字',
  '$x_1^2$',
  '$5',
  '\\(a_b\\)',
  '`a|b`',
  '``a`b``',
  '**a *b* c**',
];
const chinese = [
  '你好，世界。',
  '这是一个测试！',
  '真的吗？',
  '“引用。”',
  '没有标点的一段很长的文字',
  '（完）',
  '中文',
];

/** The words `w0x`, `w1x`… of a text or of its parts, in order. */
export function wordsIn(texts: readonly string[]): string[] {
  const words = texts.map((text) => text.replace(/^(?:> )?\s*```[\w+]*$/gm, ''));
  return (
    words
      .join('')
      .replace(/[^a-z\d]/gi, '')
      .match(/w\d+x/g) ?? []
  );
}

/** The same, with words that can be told apart. */
export function numberedMarkdown(random: Seeded, blocks = 8): string {
  let count = 0;
  return randomMarkdown(random, blocks).replace(/\b(?:the|is|answer|end)\b/g, () => `w${count++}x`);
}

/** Text, lists, tables, quotes and code fences, well formed or not. */
export function randomMarkdown(random: Seeded, blocks = 8): string {
  const newline = random.chance(0.2) ? '\r\n' : '\n';
  const lines = random.times(1, blocks, () => randomBlock(random)).flat();
  if (random.chance(0.1)) lines.unshift(...reasoning(random));
  if (random.chance(0.2)) lines.unshift(...random.times(1, 3, () => random.pick(['', '  ', '\u200b'])));
  return lines.join(newline) + random.pick(['', newline, `${newline}${newline}  `]);
}

function randomBlock(random: Seeded): string[] {
  const block = random.pick(kinds)(random);
  return random.chance(0.7) ? [...block, ''] : block;
}

const word = (random: Seeded) =>
  random.pick(random.pick([words, words, words, chinese, chinese, exotic, nasty, linked, styled]));
const sentence = (random: Seeded, most = 12) =>
  random.times(1, most, () => word(random)).join(random.pick([' ', ' ', '', '  ', '\t']));
const paragraph = (random: Seeded) => random.times(1, 4, () => sentence(random, 20));
const list = (random: Seeded) =>
  random.times(
    1,
    5,
    () => `${'  '.repeat(random.below(3))}${random.pick(['-', '*', '1.'])} ${sentence(random)}`,
  );
const table = (random: Seeded) => [
  '| 甲 | 名 |',
  random.pick(['|---|---|', '|:--|--:|', '|---|--']),
  ...random.times(1, 12, () => `| ${sentence(random, 4)} | x |${random.pick(['', '', ' y |'])}`),
];
const heading = (random: Seeded) =>
  random.chance(0.8)
    ? [`${'#'.repeat(1 + random.below(6))} ${sentence(random, 5)}`]
    : [sentence(random, 5), random.pick(['===', '---', '--'])];
const definition = (random: Seeded) => [
  random.pick([
    '[1]: https://example.com/one',
    '[r]: <https://example.com/r> "R"',
    '[^1]: A note.',
    '[r]: x',
  ]),
];
const rule = (random: Seeded) => [
  random.pick(['---', '***', '* * *', '$$', '\\[', '\\]', '> ---', '    code']),
];
const nested = (random: Seeded) => [
  `${random.pick(['1.', '9)', '-', '*'])} ${sentence(random, 6)}`,
  ...random
    .pick([list, quote, fence, table])(random)
    .map((line) => `   ${line}`),
  `   ${sentence(random, 30)}`,
];
const reasoning = (random: Seeded) => [
  '<think>',
  ...random.times(1, 4, () => randomBlock(random)).flat(),
  ...random.pick([['</think>'], ['</think>', ''], ['</think> '], []]),
];
const quote = (random: Seeded) =>
  random
    .pick([paragraph, paragraph, list, fence])(random)
    .map((line) => `${random.pick(['> ', '> ', '> ', '>', '>> ', ''])}${line}`);
const blanks = (random: Seeded) => random.times(1, 6, () => random.pick(['', '   ', '\t']));
const giant = (random: Seeded) => [
  random.pick(['x', '很', '👨‍👩‍👧', 'ab ', '。']).repeat(20 + random.below(150)),
];

function fence(random: Seeded): string[] {
  const marker = random.pick(['```', '```', '````', '~~~', '~~~~~']);
  const [first, rest] = random.pick([
    ['', ''],
    ['', ''],
    ['  ', '  '],
    ['- ', '  '],
    ['1. ', '   '],
    ['> ', '> '],
  ]) as [string, string];
  const code = () =>
    random.pick([
      '',
      'x = 1',
      '    return y;',
      '\tif (a) {',
      '```',
      '~~~',
      sentence(random, 15),
      'o'.repeat(90),
    ]);
  const lines = random.times(0, 14, code).filter((line) => !line.startsWith(marker));
  const end = random.chance(0.9) ? [rest + marker] : [];
  return [
    `${first}${marker}${random.pick(['', 'js', 'python', ' c++'])}`,
    ...lines.map((line) => rest + line),
    ...end,
  ];
}

const kinds = [
  paragraph,
  paragraph,
  paragraph,
  list,
  table,
  quote,
  fence,
  fence,
  blanks,
  giant,
  heading,
  definition,
  rule,
  nested,
];

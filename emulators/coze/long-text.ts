/** Markdown of exactly that many characters, varied enough to try a splitter on. The same for the same length. */
export function longText(length: number): string {
  const parts: string[] = [];
  let left = length;
  for (let index = 0; ; index++) {
    const block = blocks[index % blocks.length]?.(index + 1) ?? '';
    if (block.length > left) break;
    parts.push(block);
    left -= block.length;
  }
  return parts.join('') + filler.repeat(Math.ceil(left / filler.length)).slice(0, left);
}

const filler = 'And so it goes on to the very end. ';

/** Each ends in a blank line. All characters are single UTF-16 units, so that every way of counting agrees. */
const blocks: readonly ((n: number) => string)[] = [
  (n) =>
    `## Part ${n}\n\nA long answer has to be cut where a reader would pause. This paragraph has **bold**, ` +
    `*italic*, \`inline code\` and [a link](https://example.com/part/${n}), so that a cut in a bad place shows.\n\n`,
  (n) =>
    `第${n}部分是中文段落，没有空格可以断行。**加粗的文字。**后面紧跟着普通文字，标点也不少：逗号，句号。` +
    `如果在这里切开，读者应当看不出来；每一条消息本身都应当是完整的、格式正确的。\n\n`,
  (n) => `- first item of list ${n}\n- second item\n  - nested, with \`code\`\n- 第三项，中英 mixed\n\n`,
  (n) =>
    `\`\`\`ts\nfor (let part = 0; part < ${n}; part++) {\n  console.log(\`part \${part}\`);\n}\n\`\`\`\n\n`,
  (n) =>
    `| part | 名称 | size |\n|---|---|---:|\n| ${n} | alpha | ${n * 7} |\n| ${n + 1} | 贝塔 | ${n * 11} |\n\n`,
  (n) =>
    `1. Step one of ${n}\n2. Step two\n3. Step three\n\n> A quotation, which runs\n> over two lines.\n\n`,
  (n) => `\`\`\`python\n${Array.from({ length: 90 }, (_, line) => codeLine(n, line)).join('\n')}\n\`\`\`\n\n`,
];

/** Ninety of them make a block of code that fits into no single platform message. */
const codeLine = (n: number, line: number) =>
  `total_${line} = compute(part=${n}, line=${line})  # 第 ${line} 行`.padEnd(52, '.');

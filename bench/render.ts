/** What one more delta of an answer of 16,000 characters costs, beside rendering the whole text anew each time. */
import { renderForDiscord } from '../adapters/discord/render.ts';
import { renderForTelegram } from '../adapters/telegram/render.ts';
import { createSheet } from '../src/core/sheet.ts';
import { mean, quantile, table } from './figures.ts';

const length = 16_000;
const deltaLength = 8;

const prose = `## What it does

The **bridge** listens on every platform and asks \`Coze\` what to say. It is *not* a framework, and
[its source](https://example.com/source?file=main.ts) is short enough to be read in an evening.

- it loses **nothing**, even when a worker is killed
- it says nothing twice

`;
const code = `\`\`\`ts
export async function answer(question: string, signal: AbortSignal): Promise<string> {
  const words: string[] = [];
  for await (const word of ask(question, { signal })) words.push(word);
  return words.join(' '); // and so on
}
\`\`\`

It returns the words.

`;
const chinese = `### 注意事项

**你好，世界。**这是一个关于机器人的回答，它会一直说下去，直到说完为止！请看\`示例代码\`和[文档](https://example.com/wendang)。

1. **第一步：**打开设置页面，然后输入令牌。
2. 第二步：保存，并重新启动。

`;
const tables = `| Platform | 名称 | Limit | Note |
|---|---|---:|---|
${Array.from({ length: 12 }, (_, row) => `| row ${row} | 中文内容 ${row} | ${row * 37} | **yes**, and \`so\` on |`).join('\n')}

That is all.

`;

const grown = (text: string) => text.repeat(Math.ceil(length / text.length)).slice(0, length);

function measure(render: typeof renderForTelegram, text: string) {
  const sheet = createSheet({ sender: { render }, longest: Number.POSITIVE_INFINITY });
  const growing: number[] = [];
  const whole: number[] = [];
  for (let end = deltaLength; end <= text.length; end += deltaLength) {
    const sofar = text.slice(0, end);
    const start = performance.now();
    sheet.parts(sofar, true, {});
    growing.push(performance.now() - start);
    if (end % (deltaLength * 40) !== 0) continue;
    const again = performance.now();
    render(sofar, undefined, true);
    whole.push(performance.now() - again);
  }
  return { growing, whole };
}

const ms = (value: number) => value.toFixed(2);

const rows = [['platform, text', 'mean ms', 'median ms', 'p95 ms', 'max ms', 'anew: mean ms', 'ratio']];
for (const [platform, render] of Object.entries({ Telegram: renderForTelegram, Discord: renderForDiscord }))
  for (const [name, text] of Object.entries({ prose, code, Chinese: chinese, tables })) {
    measure(render, grown(text).slice(0, length / 2));
    const { growing, whole } = measure(render, grown(text));
    rows.push([
      `${platform}, ${name}`,
      ms(mean(growing)),
      ms(quantile(growing, 0.5)),
      ms(quantile(growing, 0.95)),
      ms(Math.max(...growing)),
      ms(mean(whole)),
      `${(mean(whole) / mean(growing)).toFixed(0)}x`,
    ]);
  }
console.log(table(rows));

// What no person writes, and a model at a loss, or somebody who wants to stop the bridge, may: each once and whole.
const hostile: Record<string, string> = {
  'prose, for comparison': prose.repeat(Math.ceil(60_000 / prose.length)).slice(0, 60_000),
  'empty fences': '```\n'.repeat(15_000),
  'empty headings': '# \n'.repeat(20_000),
  definitions: '[a]: x\n'.repeat(8_600),
  'open brackets': '!['.repeat(30_000),
  'links of links': '[a]['.repeat(15_000),
  'half bold': 'a**'.repeat(20_000),
  quotes: '>'.repeat(60_000),
};
const worst = [['60,000 characters of', 'Telegram ms', 'Discord ms']];
for (const [name, text] of Object.entries(hostile)) {
  const spent = [renderForTelegram, renderForDiscord].map((render) => {
    const start = performance.now();
    render(text);
    return performance.now() - start;
  });
  worst.push([name, ...spent.map((value) => value.toFixed(0))]);
}
console.log(`\n${table(worst)}`);

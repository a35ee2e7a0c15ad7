import type { Token } from 'markdown-it';

/** GFM drops the cells of a row that the head has no column for: here their words stay, in the row's last cell. */
export function keepExcess(source: string, tokens: readonly Token[]): void {
  let lines: readonly string[] | undefined;
  for (const [at, { type, map }] of tokens.entries()) {
    if (type !== 'tr_open' || !map) continue;
    lines ??= source.split('\n');
    let end = at;
    while (end < tokens.length && tokens[end]?.type !== 'tr_close') end++;
    const cells = tokens.slice(at, end).filter((token) => token.type === 'inline');
    const last = cells.at(-1);
    const rest = restOf(lines[map[0]] ?? '', cells);
    if (last && rest !== '') last.content = `${last.content} ${rest}`.trim();
  }
}

/** What stands in the line behind its cells. */
function restOf(line: string, cells: readonly Token[]): string {
  let at = 0;
  for (const { content } of cells) {
    const words = content.replaceAll('|', '\\|');
    const found = line.indexOf(words, at);
    const start = found === -1 ? line.indexOf(content, at) : found;
    if (start === -1) return '';
    const border = line.indexOf('|', start + (found === -1 ? content : words).length);
    if (border === -1) return '';
    at = content === '' && line.slice(at, border).trim() === '' && at === 0 ? border + 1 : border;
  }
  return line
    .slice(at)
    .replace(/\s*(?<!\\)\|\s*/g, ' ')
    .trim();
}

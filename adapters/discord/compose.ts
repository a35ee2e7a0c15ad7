import { linksOf, recordsOf } from '../../src/text/records.ts';
import { tableLines } from '../../src/text/table.ts';
import { type Block, type Inline, type Item, isVisible, plainText, type Table } from '../../src/text/tree.ts';
import { escapeLineStart, escapeText, fence } from './escape.ts';
import { inlineText, nothing } from './inline.ts';

/** Where a block stands: in a list or a quote there are no headings of our own making, in small print no code. */
interface Where {
  readonly isItem: boolean;
  readonly isSmall: boolean;
  readonly isQuoted: boolean;
}

const top: Where = { isItem: false, isSmall: false, isQuoted: false };

/** The text in Discord's Markdown; nothing when nothing of it can be seen. */
export function compose(blocks: readonly Block[]): string | undefined {
  const text = kept(linesOf(blocks, top).join('\n'));
  return isVisible(text) ? text : undefined;
}

/** White space at the ends is trimmed by the server, and control characters are taken out or refused. */
function kept(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Control}\n\t]/gu, ' ')
    .trim();
}

function linesOf(blocks: readonly Block[], where: Where): string[] {
  const lines: string[] = [];
  let before: Block | undefined;
  for (const block of blocks) {
    const found = blockLines(block, where);
    if (found.length === 0) continue;
    if (before && before.kind !== 'reasoning' && block.line > before.endLine) lines.push('');
    lines.push(...found);
    before = block;
  }
  return lines;
}

function blockLines(block: Block, where: Where): string[] {
  switch (block.kind) {
    case 'paragraph':
      return inlineText(block.children).split('\n').map(escapeLineStart);
    case 'heading':
      return headingLines(block.level, block.children, where);
    case 'code':
      return codeLines(block.text, block.language, where);
    case 'math':
      return codeLines(block.text, 'latex', where);
    case 'table':
      return block.isWide ? linesOf(recordsOf(block), where) : tableCode(block, where);
    case 'rule':
      return ['⎯'.repeat(8)];
    case 'list':
      return listLines(block.items, where);
    case 'quote':
      return quoteLines(block.blocks, where);
    case 'reasoning':
      return smallPrint(linesOf(block.blocks, { ...where, isSmall: true }));
  }
}

function tableCode(table: Table, where: Where): string[] {
  const code = codeLines(tableLines(cellsOf(table.rows), table.alignments).join('\n'), '', where);
  const links = linksOf(table);
  return links ? [...code, ...blockLines(links, where)] : code;
}

const cellsOf = (rows: readonly (readonly (readonly Inline[])[])[]) =>
  rows.map((row) => row.map((cell) => plainText(cell).trim()));

function headingLines(level: number, children: readonly Inline[], where: Where): string[] {
  const words = inlineText(children, { ...nothing, isBold: true })
    .replace(/\s*\n\s*/g, ' ')
    .trim();
  if (words === '') return [];
  return [level <= 3 && !where.isItem && !where.isSmall ? `${'#'.repeat(level)} ${words}` : `**${words}**`];
}

function codeLines(code: string, language: string, { isSmall }: Where): string[] {
  if (!isVisible(code)) return [];
  if (!isSmall) return fence(code.trimEnd(), language).split('\n');
  return code.split('\n').map((line) => escapeLineStart(escapeText(line)));
}

/** A quote in a quote is one quote. */
function quoteLines(blocks: readonly Block[], where: Where): string[] {
  const lines = linesOf(blocks, { ...where, isQuoted: true });
  return where.isQuoted || where.isSmall || where.isItem ? lines : lines.map((line) => `> ${line}`);
}

/** Each line is marked by itself, so nothing in it can end the small print. */
function smallPrint(lines: readonly string[]): string[] {
  const seen = lines.filter((line) => isVisible(line));
  return seen.map((line, index) => `-# ${index === 0 ? '💭 ' : ''}${line.trim()}`);
}

function listLines(items: readonly Item[], where: Where): string[] {
  const lines: string[] = [];
  let before: Item | undefined;
  for (const item of items) {
    const found = itemLines(item, where);
    if (found.length === 0) continue;
    if (before && item.line > (before.blocks.at(-1)?.endLine ?? before.line + 1)) lines.push('');
    lines.push(...found);
    before = item;
  }
  return lines;
}

function itemLines(item: Item, where: Where): string[] {
  const inner = linesOf(item.blocks, { ...where, isItem: true });
  if (item.resumed && inner.length === 0) return [];
  const box = item.done === undefined ? '' : item.done ? '☑ ' : '☐ ';
  const mark = item.number === undefined ? '- ' : `${item.number}. `;
  const first = item.blocks[0]?.kind;
  // A fence has a line for itself.
  const isApart = first === 'code' || first === 'math' || first === 'table' || first === 'list';
  const indent = ' '.repeat(mark.length);
  const [head = '', ...rest] = isApart ? ['', ...inner] : inner;
  const lines = [item.resumed ? `${indent}${head}` : `${mark}${box}${head}`, ...indented(rest, indent)];
  return isVisible(lines[0]?.replace(mark, '') ?? '') || !item.resumed ? lines : lines.slice(1);
}

/** Code stays where it is: Discord would show the spaces before it. */
function indented(lines: readonly string[], indent: string): string[] {
  let isCode = false;
  return lines.map((line) => {
    const isFence = line.startsWith('```');
    if (isFence) isCode = !isCode;
    return isCode || isFence || line === '' ? line : indent + line;
  });
}

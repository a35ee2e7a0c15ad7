import type { MessageEntity } from 'grammy/types';
import { linksOf, recordsOf } from '../../src/text/records.ts';
import { tableLines } from '../../src/text/table.ts';
import {
  type Block,
  type Inline,
  type Item,
  isVisible,
  plainText,
  type Style,
  type Table,
} from '../../src/text/tree.ts';
import { type FormattedText, settled } from './entities.ts';

/** Text that grows, with what it is so far. */
interface Writing {
  text: string;
  readonly entities: MessageEntity[];
  /** The server knows no quote in a quote. */
  isQuoted: boolean;
  /** Nor code in a link. */
  isLinked: boolean;
}

/** The text with its entities; nothing when nothing can be seen. */
export function compose(blocks: readonly Block[]): FormattedText | undefined {
  const writing: Writing = { text: '', entities: [], isQuoted: false, isLinked: false };
  writeBlocks(writing, blocks, '');
  if (!isVisible(writing.text)) return undefined;
  return settled(writing.text, writing.entities);
}

/** What the server does to a text, but with TABs kept visible and lines apart. */
function kept(text: string): string {
  if (!special.test(text)) return text;
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\t/g, '    ')
    .replace(/[^\P{Control}\n]/gu, ' ')
    .replace(/[\u202a-\u202e]|\u030a|\u0333|\u033f/g, '');
}

const special = /[^\P{Control}\n]|[\p{Surrogate}\u2028-\u202e]|\u030a|\u0333|\u033f/u;

function writeBlocks(writing: Writing, blocks: readonly Block[], indent: string, isItem = false): void {
  let before: Block | undefined;
  for (const block of blocks) {
    const { length } = writing.text;
    if (before) writing.text += before.kind !== 'reasoning' && block.line > before.endLine ? '\n\n' : '\n';
    if (before || !isItem) writing.text += indentOf(block, indent);
    const begin = writing.text.length;
    writeBlock(writing, block, indent);
    // A heading, or a link, of nothing leaves no blank lines.
    if (writing.text.length === begin && isWords(block)) writing.text = writing.text.slice(0, length);
    else before = block;
  }
}

const isWords = ({ kind }: Block) => /heading|paragraph|quote|reasoning/.test(kind);

/** Code and lists bring their own. */
const indentOf = ({ kind }: Block, indent: string) => (/code|math|table|list|quote/.test(kind) ? '' : indent);

function writeBlock(writing: Writing, block: Block, indent: string): void {
  switch (block.kind) {
    case 'paragraph':
      writeInline(writing, block.children, indent);
      break;
    case 'heading':
      within(writing, { type: 'bold' }, () => writeInline(writing, block.children, indent));
      break;
    case 'code':
      writePre(writing, block.text, block.language);
      break;
    case 'math':
      writePre(writing, block.text, 'latex');
      break;
    case 'table':
      writeTable(writing, block, indent);
      break;
    case 'rule':
      writing.text += '⎯'.repeat(8);
      break;
    case 'list':
      writeList(writing, block.items, indent);
      break;
    default:
      writeQuote(writing, block, indent);
  }
}

function writeTable(writing: Writing, table: Table, indent: string): void {
  if (table.isWide) {
    writeBlocks(writing, recordsOf(table), indent);
    return;
  }
  writePre(writing, tableLines(cellsOf(table.rows), table.alignments).join('\n'), '');
  const links = linksOf(table);
  if (!links) return;
  writing.text += '\n';
  writeBlocks(writing, [links], indent);
}

const cellsOf = (rows: readonly (readonly (readonly Inline[])[])[]) =>
  rows.map((row) => row.map((cell) => kept(plainText(cell)).trim()));

function writePre(writing: Writing, code: string, language: string): void {
  const known = /^[\w+#.-]{1,40}$/.test(language) ? { language } : {};
  within(writing, { type: 'pre', ...known }, () => {
    const text = kept(code).trimEnd();
    // The server lets a quote begin with what can be seen of it, and takes code out that begins before it.
    writing.text += writing.isQuoted ? text.trimStart() : text;
  });
}

type Unplaced = MessageEntity extends infer E
  ? E extends MessageEntity
    ? Omit<E, 'offset' | 'length'>
    : never
  : never;

function within(writing: Writing, entity: Unplaced, write: () => void): void {
  const offset = writing.text.length;
  const at = writing.entities.length;
  write();
  const placed = { ...entity, offset, length: writing.text.length - offset } as MessageEntity;
  if (writing.text.length > offset) writing.entities.splice(at, 0, placed);
}

function writeQuote(
  writing: Writing,
  { kind, blocks }: Block & { kind: 'quote' | 'reasoning' },
  indent: string,
): void {
  const length = writing.text.length;
  if (writing.isQuoted) {
    writeBlocks(writing, blocks, indent);
    return;
  }
  writing.isQuoted = true;
  // A quote begins a line: it has an edge of its own, and no indentation.
  within(writing, { type: kind === 'quote' ? 'blockquote' : 'expandable_blockquote' }, () => {
    if (kind === 'reasoning') writing.text += '💭\n';
    writeBlocks(writing, blocks, '');
  });
  writing.isQuoted = false;
  if (isVisible(writing.text.slice(length).replace('💭', ''))) return;
  // Nothing is in it that can be seen.
  writing.text = writing.text.slice(0, length);
  while ((writing.entities.at(-1)?.offset ?? -1) >= length) writing.entities.pop();
}

function writeList(writing: Writing, items: readonly Item[], indent: string): void {
  let before: Item | undefined;
  for (const item of items) {
    if (item.resumed && item.blocks.length === 0) continue;
    if (before) writing.text += isApart(before, item) ? '\n\n' : '\n';
    const depth = indent.length === 0 ? '•' : '◦';
    const bullet = item.done === undefined ? depth : item.done ? '☑' : '☐';
    const mark =
      item.number === undefined ? bullet : `${item.number}.${item.done === undefined ? '' : ` ${bullet}`}`;
    writing.text += `${indent}${item.resumed ? '  ' : `${mark} `}`;
    const isText = !/code|math|table|list|quote/.test(item.blocks[0]?.kind ?? 'paragraph');
    if (!isText)
      writing.text = item.resumed ? writing.text.replace(/ +$/, '') : `${writing.text.trimEnd()}\n`;
    writeBlocks(writing, item.blocks, `${indent}  `, true);
    before = item;
  }
}

/** A blank line is between them. */
const isApart = (before: Item, item: Item) => item.line > (before.blocks.at(-1)?.endLine ?? before.line + 1);

const types: Readonly<Record<Style, 'bold' | 'italic' | 'strikethrough' | 'spoiler'>> = {
  bold: 'bold',
  italic: 'italic',
  strike: 'strikethrough',
  spoiler: 'spoiler',
};

function writeInline(writing: Writing, nodes: readonly Inline[], indent: string): void {
  for (const node of nodes) {
    switch (node.kind) {
      case 'text':
      case 'url':
        writing.text += kept(node.text);
        break;
      case 'break':
        writing.text += `\n${indent}`;
        break;
      case 'code':
      case 'math':
        if (writing.isLinked) writing.text += kept(node.text);
        else
          within(writing, { type: 'code' }, () => {
            writing.text += kept(node.text);
          });
        break;
      case 'link':
        writing.isLinked = true;
        within(writing, { type: 'text_link', url: node.url }, () =>
          writeInline(writing, node.children, indent),
        );
        writing.isLinked = false;
        break;
      default:
        within(writing, { type: types[node.kind] }, () => writeInline(writing, node.children, indent));
    }
  }
}

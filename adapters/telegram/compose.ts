import type { MessageEntity } from 'grammy/types';
import { tableLines } from '../../src/text/table.ts';
import { type Block, type Inline, type Item, isVisible, plainText, type Style } from '../../src/text/tree.ts';
import { type FormattedText, settled } from './entities.ts';

/** Text that grows, with what it is so far. */
interface Page {
  text: string;
  readonly entities: MessageEntity[];
  /** The server knows no quote in a quote. */
  isQuoted: boolean;
  /** Nor code in a link. */
  isLinked: boolean;
}

/** The text with its entities; nothing when nothing can be seen. */
export function compose(blocks: readonly Block[]): FormattedText | undefined {
  const page: Page = { text: '', entities: [], isQuoted: false, isLinked: false };
  writeBlocks(page, blocks, '');
  if (!isVisible(page.text)) return undefined;
  return settled(page.text, page.entities);
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

function writeBlocks(page: Page, blocks: readonly Block[], indent: string, isItem = false): void {
  let before: Block | undefined;
  for (const block of blocks) {
    if (before) page.text += before.kind !== 'reasoning' && block.line > before.endLine ? '\n\n' : '\n';
    if (before || !isItem) page.text += indentOf(block, indent);
    writeBlock(page, block, indent);
    before = block;
  }
}

/** Code and lists bring their own. */
const indentOf = ({ kind }: Block, indent: string) => (/code|math|table|list|quote/.test(kind) ? '' : indent);

function writeBlock(page: Page, block: Block, indent: string): void {
  switch (block.kind) {
    case 'paragraph':
      writeInline(page, block.children, indent);
      break;
    case 'heading':
      within(page, { type: 'bold' }, () => writeInline(page, block.children, indent));
      break;
    case 'code':
      writePre(page, block.text, block.language);
      break;
    case 'math':
      writePre(page, block.text, 'latex');
      break;
    case 'table':
      writePre(page, tableLines(cellsOf(block.rows), block.alignments).join('\n'), '');
      break;
    case 'rule':
      page.text += '⎯'.repeat(8);
      break;
    case 'list':
      writeList(page, block.items, indent);
      break;
    default:
      writeQuote(page, block, indent);
  }
}

const cellsOf = (rows: readonly (readonly (readonly Inline[])[])[]) =>
  rows.map((row) => row.map((cell) => kept(plainText(cell)).trim()));

function writePre(page: Page, code: string, language: string): void {
  const known = /^[\w+#.-]{1,40}$/.test(language) ? { language } : {};
  within(page, { type: 'pre', ...known }, () => {
    const text = kept(code).trimEnd();
    // The server lets a quote begin with what can be seen of it, and takes code out that begins before it.
    page.text += page.isQuoted ? text.trimStart() : text;
  });
}

type Unplaced = MessageEntity extends infer E
  ? E extends MessageEntity
    ? Omit<E, 'offset' | 'length'>
    : never
  : never;

function within(page: Page, entity: Unplaced, write: () => void): void {
  const offset = page.text.length;
  const at = page.entities.length;
  write();
  const placed = { ...entity, offset, length: page.text.length - offset } as MessageEntity;
  if (page.text.length > offset) page.entities.splice(at, 0, placed);
}

function writeQuote(
  page: Page,
  { kind, blocks }: Block & { kind: 'quote' | 'reasoning' },
  indent: string,
): void {
  const write = () => {
    if (kind === 'reasoning') page.text += '💭\n';
    writeBlocks(page, blocks, indent);
  };
  const length = page.text.length;
  if (page.isQuoted) {
    write();
    return;
  }
  page.isQuoted = true;
  within(page, { type: kind === 'quote' ? 'blockquote' : 'expandable_blockquote' }, write);
  page.isQuoted = false;
  if (isVisible(page.text.slice(length).replace('💭', ''))) return;
  // Nothing is in it that can be seen.
  page.text = page.text.slice(0, length);
  while ((page.entities.at(-1)?.offset ?? -1) >= length) page.entities.pop();
}

function writeList(page: Page, items: readonly Item[], indent: string): void {
  let before: Item | undefined;
  for (const item of items) {
    if (item.resumed && item.blocks.length === 0) continue;
    if (before) page.text += isApart(before, item) ? '\n\n' : '\n';
    const depth = indent.length === 0 ? '•' : '◦';
    const bullet = item.done === undefined ? depth : item.done ? '☑' : '☐';
    const mark =
      item.number === undefined ? bullet : `${item.number}.${item.done === undefined ? '' : ` ${bullet}`}`;
    page.text += `${indent}${item.resumed ? '  ' : `${mark} `}`;
    const isText = !/code|math|table|list|quote/.test(item.blocks[0]?.kind ?? 'paragraph');
    if (!isText) page.text = item.resumed ? page.text.replace(/ +$/, '') : `${page.text.trimEnd()}\n`;
    writeBlocks(page, item.blocks, `${indent}  `, true);
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

function writeInline(page: Page, nodes: readonly Inline[], indent: string): void {
  for (const node of nodes) {
    switch (node.kind) {
      case 'text':
      case 'url':
        page.text += kept(node.text);
        break;
      case 'break':
        page.text += `\n${indent}`;
        break;
      case 'code':
      case 'math':
        if (page.isLinked) page.text += kept(node.text);
        else
          within(page, { type: 'code' }, () => {
            page.text += kept(node.text);
          });
        break;
      case 'link':
        page.isLinked = true;
        within(page, { type: 'text_link', url: node.url }, () => writeInline(page, node.children, indent));
        page.isLinked = false;
        break;
      default:
        within(page, { type: types[node.kind] }, () => writeInline(page, node.children, indent));
    }
  }
}

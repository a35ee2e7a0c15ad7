import type { Token } from 'markdown-it';
import { toInline } from './inline.ts';
import { isWide } from './records.ts';
import type { Alignment, Block, Inline, Item } from './tree.ts';

/** What has begun in an earlier part: a list, of which this number was the last, a quote, or a table. */
export interface Resumed {
  readonly kind: 'list' | 'quote' | 'table';
  readonly number?: number | undefined;
  readonly isWide?: boolean | undefined;
}

/** The blocks of a text that begins within these containers, the outermost first. */
export function toBlocks(tokens: readonly Token[], resumed: readonly Resumed[] = []): Block[] {
  return readBlocks({ tokens, at: 0 }, resumed);
}

interface Reading {
  readonly tokens: readonly Token[];
  at: number;
}

function readBlocks(reading: Reading, resumed: readonly Resumed[]): Block[] {
  const found: Block[] = [];
  let within = resumed;
  for (;;) {
    const token = reading.tokens[reading.at++];
    if (!token || token.nesting === -1) return found;
    const block = readBlock(token, reading, within);
    within = [];
    if (block) found.push(block);
  }
}

function readBlock(token: Token, reading: Reading, [first, ...inner]: readonly Resumed[]): Block | undefined {
  const [line = 0, endLine = 0] = token.map ?? [];
  const place = { line, endLine };
  switch (token.type) {
    case 'paragraph_open':
      return { kind: 'paragraph', children: readInline(reading), ...place };
    case 'heading_open':
      return { kind: 'heading', level: Number(token.tag.slice(1)), children: readInline(reading), ...place };
    case 'blockquote_open':
      return { kind: 'quote', blocks: readBlocks(reading, first?.kind === 'quote' ? inner : []), ...place };
    case 'bullet_list_open':
    case 'ordered_list_open': {
      const within = first?.kind === 'list' ? { ...first, inner } : undefined;
      const items = readItems(token, reading, within);
      // The parser counts the blank lines behind a list as its own.
      return { kind: 'list', items, line, endLine: endOf(items) ?? endLine };
    }
    case 'table_open':
      return readTable(reading, place, first?.kind === 'table' ? first : undefined);
    case 'fence':
    case 'code_block':
      return codeOf(token, place);
    case 'formula':
      return { kind: 'math', text: token.content, language: '', marker: token.markup, ...place };
    case 'hr':
      return { kind: 'rule', ...place };
    default:
      return undefined;
  }
}

const endOf = (items: readonly Item[]): number | undefined => {
  const last = items.at(-1);
  return last?.blocks.at(-1)?.endLine ?? (last && last.line + 1);
};

function codeOf(token: Token, place: Pick<Block, 'line' | 'endLine'>): Block {
  const language = token.info.trim().split(/\s+/, 1)[0] ?? '';
  return { kind: 'code', text: token.content.replace(/\n$/, ''), language, marker: token.markup, ...place };
}

function readInline(reading: Reading): Inline[] {
  const token = reading.tokens[reading.at];
  reading.at += 2;
  return toInline(token?.children ?? []);
}

type ResumedList = Resumed & { readonly inner: readonly Resumed[] };

function readItems(list: Token, reading: Reading, resumed: ResumedList | undefined): Item[] {
  const isNumbered = list.type === 'ordered_list_open';
  const start = resumed?.number ?? Number(list.attrGet('start') ?? 1);
  const items: Item[] = [];
  for (;;) {
    const token = reading.tokens[reading.at++];
    if (!token || token.nesting === -1) return items;
    const isResumed = resumed !== undefined && items.length === 0;
    const { blocks, done } = taskOf(readBlocks(reading, isResumed ? resumed.inner : []));
    const number = isNumbered ? start + items.length : undefined;
    items.push({ number, done, resumed: isResumed, blocks, line: token.map?.[0] ?? 0 });
  }
}

/** A box to tick, at the beginning of an item. */
function taskOf(blocks: Block[]): Pick<Item, 'blocks' | 'done'> {
  const [block, ...rest] = blocks;
  const [word, ...words] = block?.kind === 'paragraph' ? block.children : [];
  const [box = ''] = (word?.kind === 'text' && /^\[[ xX]\](?=\s)\s*/.exec(word.text)) || [];
  if (block?.kind !== 'paragraph' || word?.kind !== 'text' || box === '') return { blocks, done: undefined };
  const children: Inline[] = [{ kind: 'text', text: word.text.slice(box.length) }, ...words];
  return { blocks: [{ ...block, children }, ...rest], done: !box.includes(' ]') };
}

function readTable(
  reading: Reading,
  place: Pick<Block, 'line' | 'endLine'>,
  resumed: Resumed | undefined,
): Block | undefined {
  const rows: Inline[][][] = [];
  const alignments: (Alignment | undefined)[] = [];
  for (;;) {
    const token = reading.tokens[reading.at++];
    if (!token || token.type === 'table_close') break;
    if (token.type === 'tr_open') rows.push([]);
    if (token.type !== 'th_open' && token.type !== 'td_open') continue;
    if (token.type === 'th_open') alignments.push(alignmentOf(token));
    rows.at(-1)?.push(toInline(reading.tokens[reading.at]?.children ?? []));
  }
  // Its head alone has been said before.
  if (resumed && rows.length < 2) return undefined;
  return { kind: 'table', rows, alignments, isWide: resumed?.isWide ?? isWide(rows), ...place };
}

function alignmentOf(token: Token): Alignment | undefined {
  const [, side] = /text-align:(left|center|right)/.exec(String(token.attrGet('style') ?? '')) ?? [];
  return side as Alignment | undefined;
}

import type { Resumed } from './blocks.ts';
import { continuation, type Section } from './slice.ts';
import type { Block, Item } from './tree.ts';

/** How to go on behind the end of a section, in the containers that are open there. */
export interface Opened {
  readonly head: string;
  readonly within: readonly Resumed[];
  /** What a line has to begin with to go on with the last one. */
  readonly lead: string;
}

/** A definition of nothing: it makes an item or a quote that the next line belongs to, and shows nothing. */
const ghost = '[\ue000]: # ""';

/** A head is repeated in every part. */
const longestHead = 400;

export function openAfter({ text, blocks }: Section, marks = ''): Opened {
  const lines = text.split(/\r\n?|\n/);
  const chain = chainOf(blocks, lines);
  const leaf = chain.leaf && reopen(chain.leaf, chain, lines);
  const isWide = chain.leaf?.kind === 'table' ? chain.leaf.isWide : undefined;
  const opener = chain.ghost === '' ? '' : `${chain.ghost}${ghost}\n`;
  if (opener.length > longestHead) return { head: '', within: [], lead: continuation + marks };
  const within =
    leaf?.kind === 'table' ? [...chain.within, { kind: 'table' as const, isWide }] : chain.within;
  const lead = leaf?.kind === 'code' ? leaf.lead : chain.prefix + continuation + marks;
  return { head: opener + (leaf?.head ?? ''), within, lead };
}

interface Chain {
  /** The marks of all containers in one line, and what the lines inside them begin with. */
  ghost: string;
  prefix: string;
  readonly within: Resumed[];
  readonly containers: (number | 'quote')[];
  leaf: Block | undefined;
}

/** The last block, the last one in it, and so on. */
function chainOf(blocks: readonly Block[], lines: readonly string[]): Chain {
  const chain: Chain = { ghost: '', prefix: '', within: [], containers: [], leaf: undefined };
  let last = blocks.at(-1);
  for (;;) {
    if (last?.kind === 'quote') {
      enter(chain, '> ', '> ', 'quote');
      chain.within.push({ kind: 'quote' });
      last = last.blocks.at(-1);
      continue;
    }
    const item = last?.kind === 'list' ? last.items.at(-1) : undefined;
    if (!item) break;
    const mark = markOf(item, chain, lines);
    enter(chain, mark, ' '.repeat(mark.length), mark.length);
    chain.within.push({ kind: 'list', number: item.number });
    last = item.blocks.at(-1);
  }
  chain.leaf = last;
  return chain;
}

function enter(chain: Chain, ghostMark: string, prefix: string, container: number | 'quote'): void {
  chain.ghost += ghostMark;
  chain.prefix += prefix;
  chain.containers.push(container);
}

/** An item's mark with the spaces around it. */
function markOf({ line, number }: Item, chain: Chain, lines: readonly string[]): string {
  const rest = inside(lines[line] ?? '', chain);
  const [, indent = '', mark = number === undefined ? '-' : '1.', space = '', words = ''] =
    /^( *)([-*+]|\d{1,9}[.)])( *)(.*)$/.exec(rest) ?? [];
  const padding = words === '' || space.length > 4 || space === '' ? ' ' : space;
  return indent.slice(0, 3) + mark + padding;
}

/** A line without what belongs to the containers around it. */
function inside(line: string, { containers }: Chain): string {
  let rest = expandTabs(line);
  for (const container of containers)
    rest = container === 'quote' ? rest.replace(/^ {0,3}> ?/, '') : rest.slice(container);
  return rest;
}

/** A TAB goes on to the next column that four divides. */
function expandTabs(line: string): string {
  let expanded = '';
  for (const piece of line.split(/(\t)/))
    expanded += piece === '\t' ? ' '.repeat(4 - (expanded.length % 4)) : piece;
  return expanded;
}

interface Reopened {
  readonly kind: 'code' | 'table';
  readonly head: string;
  readonly lead: string;
}

function reopen(leaf: Block, chain: Chain, lines: readonly string[]): Reopened | undefined {
  if (leaf.kind === 'table') {
    const head = [leaf.line, leaf.line + 1].map(
      (line) => `${chain.prefix}${inside(lines[line] ?? '', chain)}\n`,
    );
    return head.join('').length > longestHead ? undefined : { kind: 'table', head: head.join(''), lead: '' };
  }
  if (leaf.kind !== 'code') return undefined;
  if (leaf.marker === '') return { kind: 'code', head: '', lead: `${chain.prefix}    ` };
  const last = inside(lines[leaf.endLine - 1] ?? '', chain).trim();
  const isClosed = leaf.endLine - 1 > leaf.line && last.startsWith(leaf.marker) && /^(?:`+|~+)$/.test(last);
  if (isClosed) return undefined;
  const opening = inside(lines[leaf.line] ?? '', chain).trimEnd();
  const short = opening.length > 100 ? leaf.marker : opening;
  return { kind: 'code', head: `${chain.prefix}${short}\n`, lead: chain.prefix };
}

import type { Section, Slice } from './slice.ts';
import type { Block } from './tree.ts';

/** A place where a part may end, before the character at `at`. */
export interface Border {
  readonly at: number;
  /** The lower the better: before a block, an item, a line, a sentence, a word, a character. */
  readonly rank: number;
  readonly isInLine: boolean;
}

/** The borders between blocks and between lines, from `from` to `to`, the best ones first. */
export function lineBorders({ sections }: Slice, from: number, to: number): Border[] {
  return sections
    .flatMap((section, index) => [
      ...(index > 0 ? [{ at: section.base, rank: 0, isInLine: false }] : []),
      ...bordersIn(section),
    ])
    .filter(({ at }) => at >= from && at <= to)
    .sort((one, other) => one.rank - other.rank || other.at - one.at);
}

function bordersIn({ blocks, text, headLength, base }: Section): Border[] {
  const starts = lineStarts(text);
  const ranks = new Map<number, number>();
  const rank = (line: number, value: number) => ranks.set(line, Math.min(value, ranks.get(line) ?? 9));
  for (let line = 0; line < starts.length; line++) if (mayBegin(text, starts, line)) ranks.set(line, 3);
  rankBlocks(blocks, 0, rank, ranks);
  return [...ranks].flatMap(([line, value]) => {
    const at = (starts[line] ?? 0) - headLength + base;
    return at > base && value < 9 ? [{ at, rank: value, isInLine: false }] : [];
  });
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const { 0: end, index } of text.matchAll(/\r\n?|\n/g)) starts.push(index + end.length);
  return starts;
}

/** Not a blank line, nor one that would say what the line before it is. */
function mayBegin(text: string, starts: readonly number[], line: number): boolean {
  const words = text.slice(starts[line], starts[line + 1]).trim();
  return words !== '' && !/^[-=|:\s>]+$/.test(words) && !words.startsWith('</think>');
}

function rankBlocks(
  blocks: readonly Block[],
  depth: number,
  rank: (line: number, value: number) => void,
  ranks: Map<number, number>,
): void {
  let before: Block | undefined;
  for (const block of blocks) {
    const belongs = before?.kind === 'heading' || (before?.kind === 'paragraph' && introduces(before));
    if (before?.kind === 'heading') ranks.delete(block.line);
    else if (before) rank(block.line, Math.min(2, depth) + (belongs ? 1 : 0));
    if (block.kind === 'quote' || block.kind === 'reasoning')
      rankBlocks(block.blocks, depth + 1, rank, ranks);
    if (block.kind === 'math') for (let at = block.line + 1; at < block.endLine; at++) ranks.delete(at);
    if (block.kind === 'table') ranks.delete(block.line + 1);
    if (block.kind === 'list')
      for (const [index, { line, blocks: inner }] of block.items.entries()) {
        if (index > 0) rank(line, Math.min(2, depth + 1));
        rankBlocks(inner, depth + 1, rank, ranks);
      }
    before = block;
  }
}

/** The last words say what comes next: they go with it. */
function introduces({ children }: Block & { kind: 'paragraph' }): boolean {
  const last = children.at(-1);
  return last !== undefined && 'text' in last && /[:：]\s*$/.test(last.text);
}

const sentenceEnd = /[。！？…]+[”’」』）》】"')\]]*|[.!?]+[”’"')\]]*(?=\s)/g;
const spaces = /[ \t\u3000]+/g;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The ends of sentences and of words, from `from` to `to`, the best ones first. */
export function wordBorders(source: string, from: number, to: number): Border[] {
  const start = source.lastIndexOf('\n', from - 1) + 1;
  const line = source.slice(start, to + 2);
  const segments = graphemes.segment(line);
  const found: Border[] = [];
  const add = (index: number, rank: number) => {
    const at = start + index;
    if (at >= from && at <= to && segments.containing(index)?.index === index)
      found.push({ at, rank, isInLine: true });
  };
  for (const { 0: match, index } of line.matchAll(sentenceEnd)) add(index + match.length, 4);
  for (const { index } of line.matchAll(spaces)) add(index, 5);
  return found.sort((one, other) => one.rank - other.rank || other.at - one.at);
}

/** The last border between two characters up to `to`; within a character that takes more than all of it. */
export function characterBorder(source: string, from: number, to: number): Border {
  // Some hundred units before it decide about a border; all of a long line would take too long.
  const start = wellFormed(source, Math.max(from, to - 400));
  const segment = graphemes.segment(source.slice(start, to + 100)).containing(to - start);
  const index = segment && to - start < source.length - start ? start + segment.index : to;
  const at = index > from ? index : wellFormed(source, to);
  return { at: at > from ? at : Math.min(from + 2, source.length), rank: 6, isInLine: true };
}

/** The index, or the one before it when it is within a surrogate pair. */
export function wellFormed(source: string, index: number): number {
  return index > 0 && (source.codePointAt(index - 1) ?? 0) > 0xffff ? index - 1 : index;
}

import { afterLine, closingOf, type Fence } from './fence.ts';
import { reach, widthOf } from './measure.ts';

/** The end of a part, and the fence that must be closed there. */
export interface Cut {
  readonly end: number;
  readonly fence: Fence | undefined;
}

/** What is known of a part that is too long. Its text from `start` to `room` fits; behind it comes more to see. */
interface Overfull {
  readonly start: number;
  readonly room: number;
  /** The fence that is open at the start, and the width that opening it again has taken. */
  readonly fence: Fence | undefined;
  readonly used: number;
  readonly limit: number;
}

/** A fence line has to be short, for it may be repeated in every part. */
export function fenceAfter(line: string, open: Fence | undefined, limit: number): Fence | undefined {
  return widthOf(line) <= limit / 8 ? afterLine(line, open) : open;
}

/**
 * The best end of the part: before a new block, else after a line, both in the second half of the room; else
 * within the line. A fence that would be cut goes to the next part whole when this one is a quarter full.
 */
export function chooseCut(source: string, part: Overfull): Cut {
  const { start, room } = part;
  const lines = readLines(source, part);
  const cut = lines.afterBlock ?? lines.afterLine ?? cutInLine(source, part, lines);
  const { opened } = lines;
  const isMovable = opened?.before && opened.at - start >= (room - start) / 4;
  return isMovable && cut.fence === opened.fence ? opened.before : cut;
}

interface Lines {
  afterBlock?: Cut;
  afterLine?: Cut;
  /** The last fence that was opened, and the cut before it. */
  opened?: { readonly at: number; readonly fence: Fence; readonly before: Cut | undefined };
  /** Where the first line begins that does not fit, and the fence that is open there. */
  at: number;
  fence: Fence | undefined;
}

function readLines(source: string, { start, room, limit, ...part }: Overfull): Lines {
  const half = (start + room) / 2;
  const found: Lines = { at: start, fence: part.fence };
  let used = part.used;
  let previous: Cut | undefined;
  let isBlockEnd = false;
  for (;;) {
    const newline = source.slice(found.at, room + 1).indexOf('\n');
    const line = source.slice(found.at, newline === -1 ? room : found.at + newline);
    const isBlank = line.trim() === '';
    const isFenceLine = found.at > start || isLineStart(source, start);
    const fence = isFenceLine ? fenceAfter(line, found.fence, limit) : found.fence;
    const opens = fence !== undefined && fence !== found.fence;
    if (!isBlank || newline === -1) {
      const next = isBlank ? room : found.at;
      if (previous && next >= half) found[isBlockEnd || opens ? 'afterBlock' : 'afterLine'] = previous;
      const tail = fence ? 1 + widthOf(closingOf(fence)) : 0;
      if (newline === -1 || used + widthOf(line.trimEnd()) + tail > limit) return found;
      if (opens) found.opened = { at: found.at, fence, before: previous };
      previous = { end: found.at + line.trimEnd().length, fence };
    }
    isBlockEnd = isBlank || (found.fence !== undefined && fence === undefined);
    found.fence = fence;
    found.at += newline + 1;
    used += widthOf(line) + 1;
  }
}

function isLineStart(source: string, index: number): boolean {
  let before = index - 1;
  while (before >= 0 && /[^\S\n]/.test(source[before] ?? '')) before--;
  return before < 0 || source[before] === '\n';
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const sentenceEnd = /[。！？…]+[”’」』）》】"')\]]*|[.!?]+[”’"')\]]*(?=\s)/g;
const spaces = /[ \t\u3000]+/g;

/** Ends the part within a line: after a sentence, else before a space, else anywhere between two characters. */
function cutInLine(source: string, part: Overfull, { at, fence }: Lines): Cut {
  const tail = fence ? 1 + widthOf(closingOf(fence)) : 0;
  const end = reach(source, part.start, part.limit - part.used - tail);
  if (end <= at) return { end, fence };
  const half = (part.start + end) / 2 - at;
  const length = end - at;
  const line = source.slice(at, end) + String.fromCodePoint(source.codePointAt(end) ?? 0);
  const segments = graphemes.segment(line);
  const isBorder = (index: number) => segments.containing(index)?.index === index;
  let best = 0;
  if (!fence) {
    for (const { 0: match, index } of line.matchAll(sentenceEnd)) {
      const after = index + match.length;
      if (after >= half && after <= length && isBorder(after)) best = after;
    }
  }
  if (best === 0) {
    for (const { 0: match, index } of line.matchAll(spaces)) {
      if (index + match.length >= half) best = index;
    }
  }
  return { end: at + (best || segments.containing(length)?.index || length), fence };
}

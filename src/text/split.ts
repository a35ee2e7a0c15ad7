import { type Cut, chooseCut, fenceAfter } from './cut.ts';
import { afterLine, closingOf, type Fence, mayClose, openingOf } from './fence.ts';
import { needsRoom, nextVisible, reach, widthOf, withoutHalfCharacter } from './measure.ts';

/** Where a part begins: its offset in the source, and the first line of the code fence that it stands in. */
interface Place {
  readonly offset: number;
  readonly carry: string;
}

interface Parts {
  /** From the given place on. None when there is nothing to see. */
  readonly parts: readonly string[];
  /** Where the last part begins: everything before it is settled. */
  readonly last: Place;
}

/**
 * Cuts markdown into parts of at most `limit` UTF-16 units (a TAB counts as four), each with something to see.
 * A code fence that is cut is closed, and opened again in the next part. Appending text changes no part but
 * the last and takes none away: a cut depends on nothing behind the first character that no longer fits.
 */
export function split(markdown: string, limit: number, from: Place = { offset: 0, carry: '' }): Parts {
  const source = withoutHalfCharacter(markdown);
  const parts: string[] = [];
  let last = from;
  let next = firstStart(source, from);
  while (next) {
    const { start, fence } = next;
    last = { offset: start, carry: fence ? openingOf(fence) : '' };
    const head = fence ? `${openingOf(fence)}\n` : '';
    const used = widthOf(head);
    const room = reach(source, start, limit - used);
    const overflows = needsRoom(source, room);
    const cut = overflows
      ? chooseCut(source, { start, room, fence, used, limit })
      : { end: room, fence: undefined };
    const tail = cut.fence ? `\n${closingOf(cut.fence)}` : '';
    parts.push(head + source.slice(start, cut.end).trimEnd() + tail);
    next = overflows ? nextStart(source, cut, limit) : undefined;
  }
  return { parts, last };
}

interface Start {
  readonly start: number;
  readonly fence: Fence | undefined;
}

function firstStart(source: string, { offset, carry }: Place): Start | undefined {
  const fence = afterLine(carry, undefined);
  return fence ? { start: offset, fence } : visibleStart(source, offset);
}

function visibleStart(source: string, from: number): Start | undefined {
  const start = nextVisible(source, from);
  return start === undefined ? undefined : { start, fence: undefined };
}

const lineEndAndBlankLines = /[ \t\r]*(?:\n(?:[ \t\r]*\n)*)?/y;

/** Where the next part begins. Nowhere, while what follows may yet prove to be the end of a fence that `cut` has closed. */
function nextStart(source: string, { end, fence }: Cut, limit: number): Start | undefined {
  if (!fence) return visibleStart(source, end);
  lineEndAndBlankLines.lastIndex = end;
  const skipped = lineEndAndBlankLines.exec(source)?.[0] ?? '';
  const start = end + skipped.length;
  if (nextVisible(source, start) === undefined) return undefined;
  if (!skipped.includes('\n')) return { start, fence };
  const newline = source.indexOf('\n', start);
  const line = source.slice(start, newline === -1 ? undefined : newline);
  if (newline === -1) return mayClose(line) ? undefined : { start, fence };
  return fenceAfter(line, fence, limit) ? { start, fence } : visibleStart(source, newline);
}

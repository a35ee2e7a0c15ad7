import { type Border, characterBorder, lineBorders, wordBorders } from './borders.ts';
import { type Flavour, fits as fitsIn } from './flavour.ts';
import type { Place } from './place.ts';
import { openAfter } from './resume.ts';
import { type Mode, readSlice, type Section, type Slice } from './slice.ts';
import { wordsOf } from './words.ts';

/** A part that is full, and where the next one begins. */
export interface Cut<R> {
  /** Nothing, when nothing of it can be seen. */
  readonly shown: R | undefined;
  readonly next: Place;
}

/** Of a place whose part is too long: up to `fits` it is not, up to `to` it is. Nothing behind that decides. */
export interface Overfull {
  readonly fits: number;
  readonly to: number;
}

/** How many borders of each rank are tried. */
const mostTries = 6;

/** A border between blocks that leaves more than the rest empty is worse than the end of a sentence behind it. */
const wellFilled = 0.65;

/** Ends a part at the best border in the second half of what fits. */
export function chooseCut<R>(
  source: string,
  place: Place,
  { fits, to }: Overfull,
  flavour: Flavour<R>,
): Cut<R> {
  const whole = readSlice(source, place, to, 'begun');
  const half = place.offset + Math.ceil((fits - place.offset) / 2);
  const tried = new Map<number, number>();
  const blocks = lineBorders(whole, half, to).filter(({ at, rank }) => at <= fits || rank < 3);
  const words = wordBorders(source, half, fits);
  const least = place.offset + Math.ceil((fits - place.offset) * wellFilled);
  const isGood = ({ at, rank }: Border) => at >= least && (rank < 3 || rank === 4);
  const ends = words.filter(isGood).slice(0, mostTries / 2);
  const good = [...blocks.filter(isGood), ...ends.filter(({ at }) => isInParagraph(source, place, at))];
  for (const border of new Set([...good, ...blocks, ...words])) {
    const tries = (tried.get(border.rank) ?? 0) + 1;
    tried.set(border.rank, tries);
    const cut = tries <= mostTries ? cutAt(source, place, border, flavour) : undefined;
    if (cut && (!border.isInLine || isClean(source, place, border.at, cut.next, to))) return cut;
  }
  return skipUnseen(source, place, fits, whole, flavour) ?? cutAnywhere(source, place, fits, half, flavour);
}

function isInParagraph(source: string, place: Place, at: number): boolean {
  let last = readSlice(source, place, at, 'begun').blocks.at(-1);
  while (last && ('blocks' in last || 'items' in last))
    last = 'blocks' in last ? last.blocks.at(-1) : last.items.at(-1)?.blocks.at(-1);
  return last?.kind === 'paragraph';
}

/** Leaves behind what shows nothing, up to a line. */
function skipUnseen<R>(
  source: string,
  place: Place,
  fits: number,
  whole: Slice,
  flavour: Flavour<R>,
): Cut<R> | undefined {
  if (flavour.compose(readSlice(source, place, fits, 'begun').blocks) !== undefined) return undefined;
  const lines = lineBorders(whole, place.offset + 1, fits).filter(({ rank }) => rank < 4);
  const border = lines.sort((one, other) => other.at - one.at)[0];
  const { sections, blocks } = readSlice(source, place, border?.at ?? fits, 'begun');
  const section = sections.at(-1);
  if (!border || !section || flavour.compose(blocks) !== undefined) return undefined;
  return { shown: undefined, next: nextPlace(source, border.at, section, false, '') };
}

/** Where nothing better is found: what is open there is closed, and opened again in the next part. */
function cutAnywhere<R>(
  source: string,
  place: Place,
  fits: number,
  half: number,
  flavour: Flavour<R>,
): Cut<R> {
  const borders = wordBorders(source, half, fits);
  const tried = [4, 5].flatMap((rank) => borders.filter((border) => border.rank === rank).slice(0, 2));
  for (const border of tried) {
    const cut = cutAt(source, place, border, flavour, 'closed');
    if (cut) return cut;
  }
  for (let to = fits; ; to = place.offset + Math.floor((to - place.offset) * 0.9)) {
    const border = characterBorder(source, place.offset, to);
    for (const mode of ['closed', 'begun'] as const) {
      const cut = cutAt(source, place, border, flavour, mode);
      if (cut) return cut;
    }
    if (to - place.offset < 2) return lastResort(source, place, fits, flavour);
  }
}

/** A head that leaves no room is given up. */
function lastResort<R>(source: string, place: Place, fits: number, flavour: Flavour<R>): Cut<R> {
  const bare = { ...place, head: '', lead: '', within: [] };
  const { at } = characterBorder(source, place.offset, fits);
  const shown = flavour.compose([
    {
      kind: 'paragraph',
      children: [{ kind: 'text', text: source.slice(place.offset, Math.min(at, place.offset + 200)) }],
      line: 0,
      endLine: 1,
    },
  ]);
  const end = Math.min(at, place.offset + 200);
  return { shown: shown as R, next: { ...bare, offset: end, known: undefined } };
}

function cutAt<R>(
  source: string,
  place: Place,
  { at, isInLine }: Border,
  flavour: Flavour<R>,
  mode: Mode = 'begun',
): Cut<R> | undefined {
  const { sections, blocks } = readSlice(source, place, at, mode);
  const section = sections.at(-1);
  const shown = flavour.compose(blocks);
  if (!section || shown === undefined || !fitsIn(flavour, shown)) return undefined;
  const marks = (isInLine && section.closed.match(/(.)\1*/g)) || [];
  return { shown, next: nextPlace(source, at, section, isInLine, marks.reverse().join('')) };
}

function nextPlace(source: string, at: number, section: Section, isInLine: boolean, marks: string): Place {
  const { head, within, lead } = openAfter(section, marks);
  skipped.lastIndex = at;
  const space = skipped.exec(source)?.[0] ?? '';
  const newline = Math.max(space.lastIndexOf('\n'), space.lastIndexOf('\r')) + 1;
  const isLineStart = !isInLine || newline > 0;
  const offset = at + (isLineStart ? newline : space.length);
  // A blank line, or the end of the line before the cut, has closed a table.
  const isBlank = /\n[^\S\n]*\n/.test(source.slice(Math.max(0, at - 200), offset).replace(/^.*\S/s, ''));
  const isTable = within.at(-1)?.kind === 'table';
  const closed = isTable && (isBlank || !isLineStart);
  const { references, isReasoning } = section;
  return {
    offset,
    head: closed
      ? head
          .split('\n')
          .slice(0, -3)
          .map((line) => `${line}\n`)
          .join('')
      : head,
    lead: isLineStart ? '' : lead,
    within: closed ? within.slice(0, -1) : within,
    references,
    isReasoning,
    known: undefined,
  };
}

const skipped = /\s*/y;

/** Whether both sides of a cut say the same as they do together: no link, code or style goes through it. */
function isClean(source: string, place: Place, at: number, next: Place, to: number): boolean {
  if (next.offset >= to) return true;
  const before = wordsOf(readSlice(source, place, at, 'begun').blocks);
  const behind = wordsOf(readSlice(source, next, to, 'growing').blocks);
  return before + behind === wordsOf(readSlice(source, place, to, 'growing').blocks);
}

import { wellFormed } from './borders.ts';
import { chooseCut } from './cut.ts';
import { type Flavour, fits as fitsIn, type Room, reach } from './flavour.ts';
import { carryOf, type Place, placeAt } from './place.ts';
import { type Mode, readSlice } from './slice.ts';

/** Where the last part begins: everything before it is settled and need not be rendered again. */
export interface Sealed {
  /** How many parts are settled. */
  readonly parts: number;
  /** How many UTF-16 units of the source they hold. */
  readonly offset: number;
  /** What the renderer must know to go on from there (an open code fence), in its own words. */
  readonly carry: string;
}

interface Parts<R> {
  readonly sealed: Sealed;
  readonly parts: readonly R[];
}

/** Whether a part has become too long is looked at when it has grown by at least so much. */
const leastStep = 64;

/**
 * Of a source that is much longer than what is seen of it, the steps grow with it: each one parses from the beginning
 * of the part, and what shows nothing may have no end.
 */
function stepAfter(length: number, room: Room, empty: Room): number {
  const isHalfEmpty = 2 * room.units > empty.units && 2 * room.marks > empty.marks;
  if (length > empty.units && isHalfEmpty) return length >> 1;
  return Math.max(leastStep, length > 2 * empty.units ? length >> 2 : length >> 4);
}

/**
 * Markdown in parts that fit, each parsed and shown by itself. A part ends at a border that is chosen when, at one of
 * the steps, it is too long; so nothing that comes later moves it.
 */
export function toParts<R>(
  markdown: string,
  flavour: Flavour<R>,
  before: Sealed = { parts: 0, offset: 0, carry: '' },
  growing = false,
): Parts<R> {
  const source = markdown.replace(/[\ud800-\udbff]$/, '');
  const parts: R[] = [];
  let last: Place | undefined;
  let place: Place | undefined = placeAt(before.offset, before.carry);
  while (place) {
    const part: Part<R> = nextPart(source, place, flavour, growing);
    if (part.shown !== undefined) {
      parts.push(part.shown);
      last = part.place;
    }
    place = part.next;
  }
  if (!last) return { sealed: before, parts };
  const sealed = {
    parts: before.parts + parts.length - 1,
    offset: last.offset,
    carry: carryOf(last),
  };
  return { sealed, parts };
}

interface Part<R> {
  readonly place: Place;
  readonly shown: R | undefined;
  readonly next: Place | undefined;
}

function nextPart<R>(source: string, from: Place, flavour: Flavour<R>, growing: boolean): Part<R> {
  let place = from;
  const { offset, head } = from;
  const show = (end: number, mode: Mode) =>
    flavour.compose(readSlice(source, place, wellFormed(source, end), mode).blocks);
  const fits = (shown: R | undefined) => shown === undefined || fitsIn(flavour, shown);
  const cut = (to: number): Part<R> => {
    const known = offset + (place.known?.length ?? 0);
    let fitting = known > offset ? known : (offset + to) / 2;
    while (fitting > offset + 1 && !fits(show(Math.floor(fitting), 'begun')))
      fitting = (offset + fitting) / 2;
    // A border behind what fits is tried too: there should not be many.
    let over = to;
    while (over - fitting > leastStep) {
      const middle = Math.floor((fitting + over) / 2);
      if (fits(show(middle, 'begun'))) fitting = middle;
      else over = middle;
    }
    const overfull = { fits: wellFormed(source, Math.floor(fitting)), to: wellFormed(source, over) };
    const { shown, next } = chooseCut(source, place, overfull, flavour);
    return { place, shown, next };
  };
  const empty = flavour.roomLeft(flavour.nothing);
  for (;;) {
    const { length, room } = place.known ?? { length: 0, room: roomWith(head, empty) };
    const least = place.known ? stepAfter(length, room, empty) : 0;
    const at = Math.max(reach(source, offset + length, room, flavour), offset + length + least);
    if (at >= source.length) break;
    const shown = show(at, 'begun');
    if (!fits(shown)) return cut(at);
    place = {
      ...place,
      known: { length: at - offset, room: shown === undefined ? empty : flavour.roomLeft(shown) },
    };
  }
  const shown = show(source.length, growing ? 'growing' : 'whole');
  if (fits(shown)) return { place, shown, next: undefined };
  if (!growing) return cut(source.length);
  for (let end = place.known?.length ?? 0; ; end = Math.floor(end / 2)) {
    const less = show(offset + end, 'growing');
    if (fits(less)) return { place, shown: less, next: undefined };
  }
}

/** The lines that are put before a part take room too. */
const roomWith = (head: string, { units, marks }: Room): Room => ({
  units: units - 50 - 2 * head.length,
  marks: marks - (head.match(/[^\w\s]/g)?.length ?? 0),
});

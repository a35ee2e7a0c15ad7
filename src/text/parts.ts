import { wellFormed } from './borders.ts';
import { type Cut, chooseCut } from './cut.ts';
import { type Flavour, surelyFits } from './flavour.ts';
import { beginning, carryOf, type Place, placeAt } from './place.ts';
import { type Mode, readSlice } from './slice.ts';

/** Where the last part begins. */
interface Settled {
  readonly parts: number;
  readonly offset: number;
  readonly carry: string;
}

interface Parts<R> {
  readonly sealed: Settled;
  readonly parts: readonly R[];
}

/** Whether a part has become too long is looked at when it has grown by so much. */
const step = 64;

/**
 * Markdown in parts that fit, each parsed and shown by itself. A part ends at a border that is chosen when, at one of
 * the steps, it is too long; so nothing that comes later moves it.
 */
export function toParts<R>(
  markdown: string,
  flavour: Flavour<R>,
  settled: Settled = { parts: 0, offset: 0, carry: '' },
  growing = false,
): Parts<R> {
  const source = markdown.replace(/[\ud800-\udbff]$/, '');
  const parts: R[] = [];
  let last: Place | undefined;
  let place: Place | undefined = settled.offset === 0 ? beginning : placeAt(settled.offset, settled.carry);
  while (place) {
    const part: Part<R> = nextPart(source, place, flavour, growing);
    if (part.shown !== undefined) {
      parts.push(part.shown);
      last = part.place;
    }
    place = part.next;
  }
  if (!last) return { sealed: settled, parts };
  const sealed = {
    parts: settled.parts + parts.length - 1,
    offset: last.offset,
    carry: carryOf(last, last.offset),
  };
  return { sealed, parts };
}

interface Part<R> {
  readonly place: Place;
  readonly shown: R | undefined;
  readonly next: Place | undefined;
}

function nextPart<R>(source: string, place: Place, flavour: Flavour<R>, growing: boolean): Part<R> {
  const show = (end: number, mode: Mode) => flavour.compose(readSlice(source, place, end, mode).blocks);
  const fits = (shown: R | undefined) => shown === undefined || flavour.fits(shown);
  const full = ({ shown, next }: Cut<R>): Part<R> => ({ place, shown, next });
  const { offset } = place;
  const sure = surelyFits(source, offset, place.head, flavour);
  let known = wellFormed(source, Math.max(sure, place.checked));
  for (;;) {
    const at = offset + step * (Math.floor((known - offset) / step) + 1);
    if (at > source.length) break;
    const end = wellFormed(source, at);
    if (!fits(show(end, 'begun'))) return full(chooseCut(source, place, { fits: known, to: end }, flavour));
    known = at;
  }
  const checked = { ...place, checked: known > sure ? known : offset };
  const shown = show(source.length, growing ? 'growing' : 'whole');
  if (fits(shown)) return { place: checked, shown, next: undefined };
  if (!growing) return full(chooseCut(source, place, { fits: known, to: source.length }, flavour));
  for (let end = known; ; end = offset + Math.floor((end - offset) / 2)) {
    const less = show(wellFormed(source, end), 'growing');
    if (fits(less)) return { place: checked, shown: less, next: undefined };
  }
}

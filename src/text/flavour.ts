import type { Block } from './tree.ts';

/** What a message has room for: units of text, and marks (styles, links and the like). */
export interface Room {
  readonly units: number;
  readonly marks: number;
}

/** How a platform shows a text, and how much of it. */
export interface Flavour<R> {
  /** Nothing when nothing of it can be seen. */
  compose(blocks: readonly Block[]): R | undefined;
  /** An empty message. */
  readonly nothing: R;
  /** How much more a message holds; less than nothing where it holds too much. */
  roomLeft(shown: R): Room;
  /** How many units a line, and a mark, may take beyond those that they have in the source. */
  readonly lineCost: number;
  readonly markCost: number;
}

export function fits<R>({ roomLeft }: Flavour<R>, shown: R): boolean {
  const { units, marks } = roomLeft(shown);
  return units >= 0 && marks >= 0;
}

/**
 * How far the source may go on in a room, whatever it means there, or nearly so: the characters alone are looked at,
 * as composing a part takes long.
 */
export function reach<R>(source: string, from: number, room: Room, flavour: Flavour<R>): number {
  let { units, marks } = room;
  let at = from;
  for (; at < source.length && units > 0 && marks > 0; at++) {
    const code = source.charCodeAt(at);
    units -= 1;
    if (code === newline) units -= flavour.lineCost;
    else if (code === tab) units -= 3;
    else if (code < 128 && isMark[code]) {
      const next = source.charCodeAt(at + 1);
      units -= code === pipe ? widestColumn : flavour.markCost;
      // An address that is defined here may be shown in full elsewhere.
      if (code === bracket && next === colon) break;
      if (code !== dot || next > 32) marks -= 1;
    }
  }
  return at;
}

const [newline, tab, pipe, dot, bracket, colon] = [10, 9, 124, 46, 93, 58];
/** What a cell of a table may take beyond its words. */
const widestColumn = 43;
const isMark = Array.from({ length: 128 }, (_, code) =>
  /[*_~`|<>[\]()#\\$!@/:.-]/.test(String.fromCharCode(code)),
);

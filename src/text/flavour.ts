import type { Block } from './tree.ts';

/** How a platform shows a text, and how much of it. */
export interface Flavour<R> {
  /** Nothing when nothing of it can be seen. */
  compose(blocks: readonly Block[]): R | undefined;
  fits(shown: R): boolean;
  /** The most units that a message holds, and the most marks (of styles, links and the like). */
  readonly limit: number;
  readonly mostMarks: number;
  /** How many units a line, and a mark, may take beyond those that they have in the source. */
  readonly lineCost: number;
  readonly markCost: number;
}

/**
 * How far the source can be shown whatever it means: a lower bound that looks at the characters alone, so that a
 * part need not be composed to know that it fits.
 */
export function surelyFits<R>(source: string, from: number, head: string, flavour: Flavour<R>): number {
  const { limit, mostMarks, lineCost, markCost } = flavour;
  let units = limit - 100 - 2 * head.length;
  let marks = mostMarks - (head.match(/[^\w\s]/g)?.length ?? 0);
  let at = from;
  for (; at < source.length && units > 0 && marks > 0; at++) {
    const code = source.charCodeAt(at);
    units -= 1;
    if (code === newline) units -= lineCost;
    else if (code === tab) units -= 3;
    else if (code < 128 && isMark[code]) {
      units -= code === pipe ? widestColumn : markCost;
      // An address that is defined elsewhere may stand here in full.
      if (code === bracket && source.charCodeAt(at + 1) === colon) return from;
      if (code !== dot || source.charCodeAt(at + 1) > 32) marks -= 1;
    }
  }
  return at < source.length ? Math.max(from, at - 1) : at;
}

const [newline, tab, pipe, dot, bracket, colon] = [10, 9, 124, 46, 93, 58];
/** What a cell of a table may take beyond its words. */
const widestColumn = 43;
const isMark = Array.from({ length: 128 }, (_, code) =>
  /[*_~`|<>[\]()#\\$!@/:.-]/.test(String.fromCharCode(code)),
);

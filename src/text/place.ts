import type { Resumed } from './blocks.ts';
import type { References } from './parse.ts';

/** Where a part begins, and what the parser must know to go on from there. */
export interface Place {
  readonly offset: number;
  /** Lines that open the lists, quotes, fences and tables in which the part begins. */
  readonly head: string;
  /** What stands before its first words when it begins within a line. */
  readonly lead: string;
  readonly within: readonly Resumed[];
  readonly references: References;
  readonly isReasoning: boolean;
  /** Up to here the part is known to fit. */
  readonly checked: number;
}

export const beginning: Place = {
  offset: 0,
  head: '',
  lead: '',
  within: [],
  references: {},
  isReasoning: false,
  checked: 0,
};

/** What is not as in the beginning. */
export function carryOf({ offset: _, checked, ...place }: Place, offset: number): string {
  const differing = Object.entries({ ...place, checked: Math.max(0, checked - offset) }).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(beginning[name as keyof Place]),
  );
  return differing.length === 0 ? '' : JSON.stringify(Object.fromEntries(differing));
}

export function placeAt(offset: number, carry: string): Place {
  const place: Place = { ...beginning, ...(carry === '' ? {} : (JSON.parse(carry) as Partial<Place>)) };
  return { ...place, offset, checked: offset + place.checked };
}

import type { Resumed } from './blocks.ts';
import type { Room } from './flavour.ts';
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
  /** How far from the offset the part is known to fit, and the room that is left then. */
  readonly known: { readonly length: number; readonly room: Room } | undefined;
}

const beginning: Place = {
  offset: 0,
  head: '',
  lead: '',
  within: [],
  references: {},
  isReasoning: false,
  known: undefined,
};

/** What is not as in the beginning. */
export function carryOf({ offset: _, ...place }: Place): string {
  const differing = Object.entries(place).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(beginning[name as keyof Place]),
  );
  return differing.length === 0 ? '' : JSON.stringify(Object.fromEntries(differing));
}

export function placeAt(offset: number, carry: string): Place {
  return { ...beginning, ...(carry === '' ? {} : (JSON.parse(carry) as Partial<Place>)), offset };
}

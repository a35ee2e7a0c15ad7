import { toBlocks } from './blocks.ts';
import { type Parsed, parse, type References } from './parse.ts';
import type { Place } from './place.ts';
import { begunClosing, findClosing, openingLength } from './reasoning.ts';
import type { Block } from './tree.ts';

/**
 * `whole`: nothing follows. `begun`: more may follow, and nothing is done about it. `closed`: the styles that are open
 * at its end are closed. `growing`: what is unfinished there is made to look finished.
 */
export type Mode = 'whole' | 'begun' | 'closed' | 'growing';

const endings = { whole: 'as it is', begun: 'as it is', closed: 'closed', growing: 'healed' } as const;

/** A stretch of the source, parsed by itself: the reasoning, or the answer. */
export interface Section {
  readonly isReasoning: boolean;
  readonly blocks: readonly Block[];
  readonly references: References;
  /** The marks that have closed its end. */
  readonly closed: string;
  /** What the parser has read: the lines that were put before, and the source from `base` on. */
  readonly text: string;
  readonly headLength: number;
  readonly base: number;
}

export interface Slice {
  readonly sections: readonly Section[];
  readonly blocks: readonly Block[];
}

/** What stands before words that go on within a line: it shows nothing, and no block can begin behind it. */
export const continuation = '&#8203;';

/** Reads the source from a place on, up to `end`. */
export function readSlice(source: string, place: Place, end: number, mode: Mode): Slice {
  const text = source.slice(0, end);
  const opening = place.offset === 0 ? openingLength(text, mode === 'growing') : undefined;
  const from = opening ?? place.offset;
  if (opening === undefined && !place.isReasoning) {
    const answer = readSection(text, place, mode);
    return { sections: [answer], blocks: answer.blocks };
  }
  const closing =
    findClosing(text, from, mode === 'whole') ?? (mode === 'growing' ? begunClosing(text, from) : undefined);
  const here = { ...place, offset: from };
  const reasoning = readSection(text.slice(0, closing?.end), here, mode, true);
  const block: Block = { kind: 'reasoning', blocks: reasoning.blocks, line: 0, endLine: 0 };
  if (!closing) return { sections: [reasoning], blocks: [block] };
  const after = { ...place, offset: closing.after, head: '', lead: '', within: [] };
  const answer = readSection(text, after, mode);
  return { sections: [reasoning, answer], blocks: [block, ...answer.blocks] };
}

function readSection(source: string, place: Place, mode: Mode, isReasoning = false): Section {
  const head = place.head + place.lead;
  const text = head + source.slice(place.offset);
  const parsed = parse(text, place.references, endings[mode]);
  if (place.lead !== '') withoutLead(parsed, place.lead);
  const blocks = toBlocks(parsed.tokens, place.within);
  return {
    isReasoning,
    blocks,
    references: parsed.references,
    closed: parsed.closed,
    text,
    headLength: head.length,
    base: place.offset,
  };
}

/** The continuation mark is not shown, nor are marks behind it that nothing has closed. */
function withoutLead({ tokens }: Parsed, lead: string): void {
  const first = tokens.find(({ type }) => type === 'inline')?.children?.[0];
  if (first?.type !== 'text' || !first.content.startsWith('\u200b')) return;
  const marks = lead.slice(lead.indexOf(continuation) + continuation.length);
  const literal = `\u200b${marks}`;
  first.content = first.content.slice(first.content.startsWith(literal) ? literal.length : 1);
}

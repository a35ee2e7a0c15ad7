import type { ReplyTarget } from '../message.ts';
import type { Pace } from './platform.ts';

/** What a call is for. Finals, first paints and further messages may use the reserve; the others may not. */
export type Purpose =
  /** What the reader is owed: the end of an answer, a notice. */
  | 'final'
  /** The first text of an answer. */
  | 'first'
  /** A further message of an answer that no longer fits into the last one. */
  | 'next'
  | 'preview'
  | 'typing'
  /** A frame of a draft, which the platform counts apart (`Pace.draft`). */
  | 'draft';

/** Where calls are counted together. */
export interface Place extends Pick<ReplyTarget, 'platform' | 'bot'> {
  /** The channel, or what is counted in its stead (`Pace.lane`). */
  readonly channel: string;
}

export interface Draw {
  readonly place: Place;
  readonly pace: Pace;
  readonly purpose: Purpose;
  /** Which answer the call is for: those that run in one place take turns. */
  readonly answer: string;
}

/** What the platform's reply to a call said of its limit. */
export interface Limit {
  readonly calls: number;
  readonly remaining: number;
  readonly resetAfterMs: number;
}

/** The platform asked for silence. */
export interface Silence {
  readonly retryAfterMs: number;
  /** Where; undefined: it did not say. */
  readonly scope: 'channel' | 'bot' | undefined;
  /** We knew before calling: the platform has not been troubled, so nothing is slowed. */
  readonly foreseen?: boolean | undefined;
}

/**
 * How much may still be sent: one budget for each place, and one for each bot, shared by every process that writes there.
 * Whoever sends, edits, deletes or types draws from it first. Everything may reject while the store is away.
 */
export interface Budget {
  /**
   * Takes what one call costs and resolves with 0; or takes nothing, and resolves with the milliseconds after which to
   * ask again. Who asks again keeps their place in the line, with whatever is newest by then; who does not, loses it.
   */
  draw(draw: Draw): Promise<number>;
  /** Nothing at all is granted there before it is over, to no process; afterwards less than before, for a while. */
  block(place: Place, silence: Silence): Promise<void>;
  learn(place: Place, limit: Limit): Promise<void>;
  /** This answer draws no more. */
  leave(place: Place, answer: string): Promise<void>;
}

export const placeOf = ({ platform, bot, channel }: ReplyTarget, { lane }: Pick<Pace, 'lane'>): Place => ({
  platform,
  bot,
  channel: lane ?? channel,
});

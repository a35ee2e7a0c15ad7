import type { ReplyTarget } from '../message.ts';

/**
 * Whose message has which id, where the platform does not tell: for an hour. Ids that are counted together are kept
 * together (`Traces.counter`); they are whole numbers.
 */
export interface Posts {
  /**
   * A post of ours in this channel has this id. `name` as in `Posting`. False: somebody who looks for a lost post has
   * claimed it, and it is theirs now.
   */
  keep(counter: Channel, channel: Channel, name: string, id: string): Promise<boolean>;
  /** A message of somebody else in this channel has this id. */
  heard(counter: Channel, channel: Channel, id: string): Promise<void>;
  idOf(counter: Channel, name: string): Promise<string | undefined>;
  /** The highest id that is known there. */
  newest(counter: Channel): Promise<string | undefined>;
  /** Those of the ids that are known, and whether in this channel or only elsewhere in its counter. */
  known(counter: Channel, channel: Channel, ids: readonly string[]): Promise<ReadonlyMap<string, Where>>;
  /** One name at a time has an id in a channel, for a minute; false when it is another one. */
  claim(channel: Channel, name: string, id: string): Promise<boolean>;
  /** It was not that one. */
  release(channel: Channel, name: string, id: string): Promise<void>;
}

export type Where = 'here' | 'elsewhere';

export type Channel = Pick<ReplyTarget, 'platform' | 'bot' | 'channel'>;

import type { Ended } from './platform.ts';

/** What is told of one answer, piece by piece, to whoever follows it. Plain data. */
export type FeedEvent =
  /** It was asked, by whom the session belongs to. The first of every feed. */
  | { readonly type: 'asked'; readonly session: string; readonly owner: string }
  /** The answer has grown by this. */
  | { readonly type: 'more'; readonly text: string }
  /** The answer is this, whatever was told before: another attempt may not know, and Coze may say it anew. */
  | { readonly type: 'anew'; readonly text: string }
  /** Nothing comes after it. */
  | { readonly type: 'end'; readonly ended: Ended };

export interface FeedEntry {
  /** A whole number; later entries of a feed have higher ones. */
  readonly id: string;
  readonly event: FeedEvent;
}

/**
 * Carries answers from the worker that has them to whoever asked, in any process: a feed for each message, which is
 * there for an hour after its end.
 */
export interface ReplyFeed {
  /**
   * Safe once resolved, with its id. With `after`, the id of the entry that it follows: undefined, and nothing is done,
   * when there is another one by now. It may be appended twice for one call; with `after` never.
   */
  append(name: string, event: FeedEvent, after?: string): Promise<string | undefined>;
  /** What a feed began with; nothing if there is no such feed. */
  first(name: string): Promise<FeedEvent | undefined>;
  /**
   * All entries from the first one on, those that are there and then each as it comes, until one is the end or the signal
   * aborts; it never rejects for an abort. While the store is away it waits.
   */
  follow(name: string, signal: AbortSignal): AsyncIterable<FeedEntry>;
}

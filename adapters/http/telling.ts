import { abortingWith } from '../../src/core/aborted.ts';
import type { FeedEntry, ReplyFeed } from '../../src/core/ports/feed.ts';
import type { Ended } from '../../src/core/ports/platform.ts';
import { type LookingAfter, lookAfter } from './lost.ts';

/** What a client hears of an answer. */
export type Telling =
  | { readonly type: 'chunk'; readonly content: string; readonly index: number }
  /** What was heard before was another one: this is it, so far. */
  | { readonly type: 'replace'; readonly content: string }
  | { readonly type: 'end'; readonly content: string; readonly chunks: number; readonly ended: Ended };

export interface Told {
  /** Whole numbers; later ones have higher ids, the same from the beginning each time. */
  readonly id: string;
  readonly telling: Telling;
}

export interface Listening extends Omit<LookingAfter, 'over'> {
  readonly feed: ReplyFeed;
  readonly signal: AbortSignal;
}

/** The whole of an answer from its first word on, as it comes, until its end or until the signal aborts. */
export async function* listen({ signal, ...listening }: Listening): AsyncGenerator<Told> {
  const { feed, asked } = listening;
  let content = '';
  let chunks = 0;

  function hear({ event }: FeedEntry): Telling | undefined {
    if (event.type === 'asked') return undefined;
    if (event.type === 'end') return { type: 'end', content, chunks, ended: event.ended };
    const next = event.type === 'more' ? content + event.text : event.text;
    const isMore = next.startsWith(content);
    const more = next.slice(content.length);
    content = next;
    if (!isMore) return { type: 'replace', content };
    return more === '' ? undefined : { type: 'chunk', content: more, index: chunks++ };
  }

  const over = abortingWith(signal);
  void lookAfter({ ...listening, over: over.signal });
  try {
    for await (const entry of feed.follow(asked.message, signal)) {
      const telling = hear(entry);
      if (telling) yield { id: entry.id, telling };
    }
  } finally {
    over.abort();
  }
}

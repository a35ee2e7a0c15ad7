import type { FeedEntry, ReplyFeed } from '../../src/core/ports/feed.ts';
import type { Ended } from '../../src/core/ports/platform.ts';

/** What a client hears of an answer. */
export type Telling =
  | { readonly type: 'chunk'; readonly content: string; readonly index: number }
  /** What was heard before was another one: this is it, so far. */
  | { readonly type: 'replace'; readonly content: string }
  | { readonly type: 'end'; readonly content: string; readonly chunks: number; readonly ended: Ended };

export interface Told {
  /** Later ones have later ids; the same from the beginning each time. */
  readonly id: string;
  readonly telling: Telling;
}

/** The whole of an answer from its first word on, as it comes, until its end or until the signal aborts. */
export async function* listen(feed: ReplyFeed, message: string, signal: AbortSignal): AsyncGenerator<Told> {
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

  for await (const entry of feed.follow(message, signal)) {
    const telling = hear(entry);
    if (telling) yield { id: entry.id, telling };
  }
}

import { notice } from '../../src/core/notices.ts';
import type { ReplyFeed } from '../../src/core/ports/feed.ts';
import type { Clock } from '../../src/core/ports/world.ts';
import type { Asked, Counter } from './counter.ts';

/** A message is put, and its end told, well within this time. */
const lookEveryMs = 15_000;

export interface LookingAfter {
  readonly asked: Asked;
  readonly counter: Pick<Counter, 'isUnanswered'>;
  readonly feed: Pick<ReplyFeed, 'append'>;
  readonly clock: Clock;
  /** The reader's language. */
  readonly locale: string | undefined;
  /** Its end was heard, or nobody listens any more. */
  readonly over: AbortSignal;
}

/**
 * Tells the end of an answer that nobody works on any more: a message that our own code stumbled over is left out, and
 * who gave one up may have died before telling.
 */
export async function lookAfter({ asked, counter, feed, clock, locale, over }: LookingAfter): Promise<void> {
  let wasMissing = false;
  while (!over.aborted) {
    await clock.sleep(lookEveryMs, over).catch(() => undefined);
    if (over.aborted) return;
    // While the store is away, nobody knows.
    const isMissing = !(await counter.isUnanswered(asked).catch(() => true));
    // Once, it may be between the mailbox and us: its end is on its way.
    if (isMissing && wasMissing)
      await feed
        .append(asked.message, {
          type: 'end',
          ended: { outcome: 'failed', failure: 'cut', words: notice('cut', locale) },
        })
        .catch(() => undefined);
    wasMissing = isMissing;
  }
}

import type { ReplyTarget } from '../../src/core/message.ts';
import type { Traces } from '../../src/core/ports/platform.ts';

/** So many supergroups are remembered. */
const mostRemembered = 1_000;

// Telegram knows no post again, and tells of none; but its message ids count up by one: in a supergroup for it alone, in
// all private chats and basic groups of a bot together. What was posted has an id soon after those known before it.

/** In a supergroup, what its people write meanwhile lies between. */
const idsInSupergroup = 8;
/** Elsewhere all that anybody writes to the bot, and all that it posts; most of that is known to the store. */
const idsElsewhere = 40;
/** So many may have come since the newest one that is known. */
const idsUnknown = 5;
/** An id is only sure to be unique in its chat: where each chat counts alone, the post is right after the question. */
const idsAfterQuestion = 3;

export interface Trail extends Traces {
  /** This message was there. */
  saw(channel: string, id: string | number | undefined): void;
}

/** Remembers how far message ids have counted, to find posts whose fate is unknown. */
export function createTrail(): Trail {
  const newest = new Map<string, number>();

  function saw(channel: string, id: string | number | undefined): void {
    const known = Number(id);
    if (!isMessageId(known)) return;
    const counter = counterOf(channel);
    const latest = Math.max(known, newest.get(counter) ?? 0);
    newest.delete(counter);
    newest.set(counter, latest);
    const [oldest] = newest.keys();
    if (newest.size > mostRemembered && oldest !== undefined) newest.delete(oldest);
  }

  return {
    saw,

    counter: ({ channel }) => counterOf(channel),

    mark({ channel, after }, newestKnown) {
      saw(channel, after);
      saw(channel, newestKnown);
      const newestId = newest.get(counterOf(channel));
      return JSON.stringify(newestId === undefined ? {} : { newest: newestId });
    },

    candidates(target, mark, newestKnown) {
      const asked = idIn(target);
      const newestThen = Math.max(newestIn(mark), asked);
      if (newestThen === 0) return [];
      const since = Math.max(0, (Number(newestKnown) || 0) - newestThen);
      const ids = isSupergroup(target.channel)
        ? after(newestThen, idsInSupergroup)
        : [
            ...after(newestThen, Math.min(since + idsUnknown, idsElsewhere)),
            ...after(asked || newestThen, idsAfterQuestion),
          ];
      return [...new Set(ids)].map((id) => ({ target, id: String(id) }));
    },
  };
}

const after = (id: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => id + 1 + index);

const isMessageId = (id: number) => Number.isSafeInteger(id) && id > 0;

const idIn = ({ after }: ReplyTarget) => (isMessageId(Number(after)) ? Number(after) : 0);

function newestIn(mark: string): number {
  try {
    const { newest } = JSON.parse(mark) as { readonly newest?: unknown };
    return typeof newest === 'number' && isMessageId(newest) ? newest : 0;
  } catch {
    return 0;
  }
}

const counterOf = (channel: string) => (isSupergroup(channel) ? channel : 'all others');

/** Their ids, and those of channels, begin with -100. */
export const isSupergroup = (channel: string): boolean => Number(channel) < -1_000_000_000_000;

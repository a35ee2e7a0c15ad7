import type { Ending } from './ending.ts';
import { DeliveryLost } from './errors.ts';
import type { MessageRef } from './message.ts';
import type { ChatRef } from './ports/coze.ts';
import type { Away, Delivery, Posting, TurnRecord } from './ports/store.ts';
import type { Clock } from './ports/world.ts';

/** What an attempt writes down for the next one, as it happens. */
export interface Notebook {
  readonly record: TurnRecord;
  /** Coze may have the question from now on. */
  asking(conversationId: string, generation: number): Promise<void>;
  chat(chat: ChatRef, generation: number): Promise<void>;
  away(away: Away): Promise<void>;
  /** The final is pending: what it is, and what of it is shown. */
  pending(ending: Ending, generation: number, posted: readonly MessageRef[]): Promise<void>;
  /** Lets a reply go on in the messages that an earlier attempt has posted, and notes those that it adds. */
  readonly forReply: {
    readonly posted: readonly MessageRef[];
    readonly posting: Posting | undefined;
    readonly onPosting: (posting: Posting) => Promise<void>;
    readonly onPosted: (refs: readonly MessageRef[]) => Promise<void>;
  };
}

/** How long to wait when the store fails. */
const pauseMs = 1_000;

/** `posted`: the messages that the reply begins with, where no attempt has noted any. */
export function createNotebook(
  delivery: Delivery,
  clock: Clock,
  posted: readonly MessageRef[] = [],
): Notebook {
  let record: TurnRecord = delivery.record ?? { generation: 0, posted };

  /** What has happened must be known to the next attempt: it would happen again. */
  async function note(change: Partial<TurnRecord>): Promise<void> {
    record = { ...record, ...change };
    for (;;) {
      delivery.lost.throwIfAborted();
      try {
        return await delivery.note(record);
      } catch (error) {
        if (error instanceof DeliveryLost) throw error;
        await clock.sleep(pauseMs, delivery.lost);
      }
    }
  }

  return {
    get record() {
      return record;
    },
    async asking(conversationId, generation) {
      const { chat, ...rest } = record;
      if (!chat && record.asking === conversationId && record.generation === generation) return;
      // The chat of an earlier attempt is gone.
      record = rest;
      await note({ asking: conversationId, generation });
    },
    chat: (chat, generation) => note({ chat, generation }),
    away: (away) => note({ away }),
    pending: (ending, generation, posted) => note({ ending, generation, posted }),
    forReply: {
      posted: record.posted,
      posting: record.posting,
      onPosting: (posting) => note({ posting }),
      onPosted(posted) {
        const { posting: _, ...rest } = record;
        record = rest;
        return note({ posted });
      },
    },
  };
}

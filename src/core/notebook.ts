import type { MessageRef } from './message.ts';
import type { ChatRef, Delivery, TurnRecord } from './ports.ts';

/** What an attempt writes down for the next one, as it happens. */
export interface Notebook {
  readonly record: TurnRecord;
  chat(chat: ChatRef, generation: number): Promise<void>;
  /** Lets a reply go on in the messages that an earlier attempt has posted, and notes those that it adds. */
  readonly forReply: {
    readonly posted: readonly MessageRef[];
    readonly onPosted: (refs: readonly MessageRef[]) => Promise<void>;
  };
}

export function createNotebook(delivery: Delivery): Notebook {
  let record: TurnRecord = delivery.record ?? { generation: 0, posted: [] };
  const note = (change: Partial<TurnRecord>): Promise<void> => {
    record = { ...record, ...change };
    return delivery.note(record);
  };
  return {
    get record() {
      return record;
    },
    chat: (chat, generation) => note({ chat, generation }),
    forReply: { posted: record.posted, onPosted: (posted) => note({ posted }) },
  };
}

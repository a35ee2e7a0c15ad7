import type { Database } from './database.ts';

/** The key that each of Coze's conversations was first kept for, or claimed. */
export interface Holders {
  /** Does nothing where there is one. */
  hold(conversationId: string, key: string): void;
  of(conversationId: string): string | undefined;
  release(conversationId: string, key: string): void;
  /** Forgets what keys hold whose time is over. */
  sweep(now: number): void;
}

export function createHolders(database: Database): Holders {
  return {
    hold(conversationId, key) {
      const insert = 'insert into holders (conversation_id, key) values (?, ?) on conflict do nothing';
      database.run(insert, conversationId, key);
    },
    of(conversationId) {
      const select = 'select key from holders where conversation_id = ?';
      return database.get<{ key: string }>(select, conversationId)?.key;
    },
    release(conversationId, key) {
      // What ends by itself may be in use by another session of the same owner.
      const isForGood = 'not exists (select 1 from conversations where key = ? and kept_until is not null)';
      const remove = `delete from holders where conversation_id = ? and key = ? and ${isForGood}`;
      database.run(remove, conversationId, key, key);
    },
    sweep(now) {
      database.run(
        `delete from holders where key in (select key from conversations where kept_until < ?) and not exists (
           select 1 from conversations as other
           where other.conversation_id = holders.conversation_id and coalesce(other.kept_until, ?) >= ?)`,
        now,
        now,
        now,
      );
    },
  };
}

import { knownForMs } from '../core/lifetimes.ts';
import type { Conversation, ConversationStore } from '../core/ports/store.ts';
import type { Clock } from '../core/ports/world.ts';
import type { Database } from './database.ts';
import { createHolders } from './holders.ts';

interface Row {
  readonly generation: number;
  readonly conversation_id: string | null;
  readonly discarded: string | null;
}

export function createConversationStore(database: Database, clock: Clock): ConversationStore {
  const holders = createHolders(database);
  const find = (key: string): Conversation => {
    const row = database.get<Row>('select * from conversations where key = ?', key);
    return {
      generation: row?.generation ?? 0,
      ...(row?.conversation_id ? { conversationId: row.conversation_id } : {}),
      ...(row?.discarded ? { discarded: row.discarded } : {}),
    };
  };
  const isNewReset = (key: string, resetId: string) => {
    const now = clock.now();
    database.run('delete from resets where at < ?', now - knownForMs);
    const insert = 'insert into resets (key, reset_id, at) values (?, ?, ?) on conflict do nothing';
    return database.run(insert, key, resetId, now) > 0;
  };
  const make = (key: string) =>
    database.run('insert into conversations (key, generation) values (?, 0) on conflict do nothing', key);
  const sweep = (now: number) => {
    holders.sweep(now);
    database.run('delete from conversations where kept_until < ?', now);
  };
  return {
    find: async (key) => find(key),
    save: async (key, generation, conversationId, replaces = '') =>
      database.transaction(() => {
        make(key);
        const update =
          'update conversations set conversation_id = ? where key = ? and generation = ? and coalesce(conversation_id, ?) = ?';
        if (database.run(update, conversationId, key, generation, replaces, replaces) === 0) return false;
        holders.hold(conversationId, key);
        return true;
      }),
    reset: async (key, resetId) =>
      database.transaction(() => {
        if (!isNewReset(key, resetId)) return find(key);
        make(key);
        // Of two that were not cleared yet, only the newer is kept.
        database.run(
          `update conversations set generation = generation + 1,
             discarded = coalesce(conversation_id, discarded), conversation_id = null
           where key = ?`,
          key,
        );
        return find(key);
      }),
    keepFor: async (key, ms) =>
      database.transaction(() => {
        sweep(clock.now());
        make(key);
        database.run('update conversations set kept_until = ? where key = ?', clock.now() + ms, key);
        const { conversationId } = find(key);
        if (conversationId) holders.hold(conversationId, key);
      }),
    claim: async (conversationId, key) => {
      holders.hold(conversationId, key);
      return holders.of(conversationId) ?? key;
    },
    forgetDiscarded: async (key, conversationId) =>
      database.transaction(() => {
        const update = 'update conversations set discarded = null where key = ? and discarded = ?';
        if (database.run(update, key, conversationId) === 0) return;
        holders.release(conversationId, key);
      }),
  };
}

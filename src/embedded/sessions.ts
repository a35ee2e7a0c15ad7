import { sessionKeptForMs } from '../core/lifetimes.ts';
import type { Session, Sessions } from '../core/ports/sessions.ts';
import type { Clock } from '../core/ports/world.ts';
import type { Database } from './database.ts';

export function createSessions(database: Database, clock: Clock): Sessions {
  const fresh = () => clock.now() - sessionKeptForMs;
  const find = (id: string) => {
    const select = 'select id, owner, user, messages, at from sessions where id = ? and at >= ?';
    const row = database.get<Session>(select, id, fresh());
    // The driver's rows hold more than was asked for.
    return row && { id: row.id, owner: row.owner, user: row.user, messages: row.messages, at: row.at };
  };
  return {
    async ask({ id, owner, user }) {
      return database.transaction(() => {
        database.run('delete from sessions where at < ?', fresh());
        const known = find(id);
        if (known && known.owner !== owner) return undefined;
        const session = { id, owner, user, messages: (known?.messages ?? 0) + 1, at: clock.now() };
        database.run(
          'insert or replace into sessions (id, owner, user, messages, at) values (?, ?, ?, ?, ?)',
          id,
          owner,
          user,
          session.messages,
          session.at,
        );
        return session;
      });
    },
    find: async (id) => find(id),
  };
}

import type { Channel, Posts } from '../core/ports/store.ts';
import type { Clock } from '../core/ports/world.ts';
import { postsKnownForMs } from '../core/retry.ts';
import type { Database } from './database.ts';

const inCounter = 'platform = ? and bot = ? and channel = ? and at >= ?';

export function createPosts(database: Database, clock: Clock): Posts {
  /** By channel and id. Who looks, looks in this process; after a crash all look anew. */
  const claims = new Map<string, { readonly name: string; readonly at: number }>();
  const since = () => clock.now() - postsKnownForMs;
  const place = ({ platform, bot, channel }: Channel) => [platform, bot, channel, since()] as const;

  function forgetClaims(): void {
    for (const [key, { at }] of claims) if (at < since()) claims.delete(key);
  }

  return {
    async keep({ platform, bot, channel }, name, id) {
      database.run('delete from posts where at < ?', since());
      const insert =
        'insert or replace into posts (platform, bot, channel, id, name, at) values (?, ?, ?, ?, ?, ?)';
      database.run(insert, platform, bot, channel, id, name, clock.now());
    },
    async idOf(counter, name) {
      const select = `select id from posts where ${inCounter} and name = ?`;
      return database.get<{ id: string }>(select, ...place(counter), name)?.id;
    },
    async newest(counter) {
      const select = `select max(cast(id as integer)) as id from posts where ${inCounter}`;
      const id = database.get<{ id: number | null }>(select, ...place(counter))?.id;
      return id ? String(id) : undefined;
    },
    async known(counter, ids) {
      const select = `select 1 from posts where ${inCounter} and id = ?`;
      return new Set(ids.filter((id) => database.get(select, ...place(counter), id) !== undefined));
    },
    async claim({ platform, bot, channel }, name, id) {
      forgetClaims();
      const key = JSON.stringify([platform, bot, channel, id]);
      const { name: first } = claims.get(key) ?? { name };
      claims.set(key, { name: first, at: clock.now() });
      return first === name;
    },
  };
}

import type { Channel, Posts } from '../core/ports/store.ts';
import type { Clock } from '../core/ports/world.ts';
import { claimedForMs, postsKnownForMs } from '../core/retry.ts';
import type { Database } from './database.ts';

const inCounter = 'platform = ? and bot = ? and channel = ? and at >= ?';

export function createPosts(database: Database, clock: Clock): Posts {
  /** By channel and id. Who looks, looks in this process; after a crash all look anew. */
  const claims = new Map<string, { readonly name: string; readonly at: number }>();
  const since = () => clock.now() - postsKnownForMs;
  const place = ({ platform, bot, channel }: Channel) => [platform, bot, channel, since()] as const;

  const keyOf = ({ platform, bot, channel }: Channel, id: string) =>
    JSON.stringify([platform, bot, channel, id]);

  function claim(channel: Channel, name: string, id: string): boolean {
    const now = clock.now();
    for (const [key, { at }] of claims) if (at < now - claimedForMs) claims.delete(key);
    const key = keyOf(channel, id);
    if ((claims.get(key)?.name ?? name) !== name) return false;
    claims.set(key, { name, at: now });
    return true;
  }

  return {
    async keep({ platform, bot, channel }, inChannel, name, id) {
      if (!claim(inChannel, name, id)) return false;
      database.run('delete from posts where at < ?', since());
      const insert =
        'insert or replace into posts (platform, bot, channel, id, name, at) values (?, ?, ?, ?, ?, ?)';
      database.run(insert, platform, bot, channel, id, name, clock.now());
      return true;
    },
    async idOf(counter, name) {
      const select = `select id from posts where ${inCounter} and name = ? order by cast(id as integer) desc limit 1`;
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
    claim: async (channel, name, id) => claim(channel, name, id),
    async release(channel, name, id) {
      const key = keyOf(channel, id);
      if (claims.get(key)?.name === name) claims.delete(key);
    },
  };
}

import { claimedForMs, postsKnownForMs } from '../core/lifetimes.ts';
import type { Channel, Posts, Where } from '../core/ports/posts.ts';
import type { Clock } from '../core/ports/world.ts';
import type { Database } from './database.ts';

const inCounter = 'platform = ? and bot = ? and counter = ? and at >= ?';

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

  function write(counter: Channel, { channel }: Channel, id: string, name: string | null): void {
    database.run('delete from posts where at < ?', since());
    const insert =
      'insert or replace into posts (platform, bot, counter, channel, id, name, at) values (?, ?, ?, ?, ?, ?, ?)';
    const { platform, bot } = counter;
    database.run(insert, platform, bot, counter.channel, channel, Number(id), name, clock.now());
  }

  return {
    async keep(counter, channel, name, id) {
      if (!claim(channel, name, id)) return false;
      write(counter, channel, id, name);
      return true;
    },
    async heard(counter, channel, id) {
      write(counter, channel, id, null);
    },
    async idOf(counter, name) {
      const select = `select id from posts where ${inCounter} and name = ? order by id desc limit 1`;
      return idIn(database.get<{ id: number }>(select, ...place(counter), name));
    },
    async newest(counter) {
      const select = `select id from posts where ${inCounter} order by id desc limit 1`;
      return idIn(database.get<{ id: number }>(select, ...place(counter)));
    },
    async known(counter, { channel }, ids) {
      const select = `select max(channel = ?) as isHere from posts where ${inCounter} and id = ?`;
      const whereOf = (id: string): Where | undefined => {
        const found = database.get<{ isHere: number | null }>(select, channel, ...place(counter), Number(id));
        if (typeof found?.isHere !== 'number') return undefined;
        return found.isHere === 1 ? 'here' : 'elsewhere';
      };
      return new Map(
        ids.flatMap((id) => {
          const where = whereOf(id);
          return where ? [[id, where] as const] : [];
        }),
      );
    },
    claim: async (channel, name, id) => claim(channel, name, id),
    async release(channel, name, id) {
      const key = keyOf(channel, id);
      if (claims.get(key)?.name === name) claims.delete(key);
    },
  };
}

const idIn = (row: { readonly id: number } | undefined): string | undefined => row && String(row.id);

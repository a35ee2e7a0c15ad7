import type { Posts } from '../core/ports/store.ts';
import type { Clock } from '../core/ports/world.ts';
import { postsKnownForMs } from '../core/retry.ts';
import type { Database } from './database.ts';

export function createPosts(database: Database, clock: Clock): Posts {
  return {
    async keep({ platform, bot, channel }, name, id) {
      const now = clock.now();
      database.run('delete from posts where at < ?', now - postsKnownForMs);
      const insert =
        'insert or replace into posts (platform, bot, channel, id, name, at) values (?, ?, ?, ?, ?, ?)';
      database.run(insert, platform, bot, channel, id, name, now);
    },
    async find({ platform, bot, channel }) {
      const rows = database.all<{ id: string; name: string }>(
        'select id, name from posts where platform = ? and bot = ? and channel = ? and at >= ?',
        platform,
        bot,
        channel,
        clock.now() - postsKnownForMs,
      );
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  };
}

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import Libsql from 'libsql';

/** A look into what the bridge keeps. */
export interface StoreView {
  readonly name: string;
  bytes(): Promise<number>;
  /** How many keys or rows there are of each kind. */
  counts(): Promise<ReadonlyMap<string, number>>;
  close(): void;
}

const prefix = 'coze-bridge:';

export function lookIntoRedis(url: string): StoreView {
  const redis = new Redis(url);
  return {
    name: 'Redis memory',
    async bytes() {
      const [, used] = /^used_memory:(\d+)/m.exec(await redis.info('memory')) ?? [];
      return Number(used);
    },
    async counts() {
      const counts = new Map<string, number>();
      for await (const keys of redis.scanStream({ count: 2_000 })) {
        for (const kind of new Set<string>(keys).values()) count(counts, kindOf(kind));
      }
      return counts;
    },
    close: () => redis.disconnect(),
  };
}

/** The word behind the prefix; a job of the queue, and a key that has one, are told from the queue's own few keys. */
function kindOf(key: string): string {
  if (!key.startsWith(prefix)) return key;
  const [kind = '', more = ''] = key.slice(prefix.length).split(':');
  if (kind !== 'doorbell') return kind;
  return /^\d+$/.test(more) || more === 'de' ? `doorbell:${more === 'de' ? more : 'job'}` : kind;
}

function count(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

/** The file, and what lies beside it until it is moved into it. */
export function lookIntoFolder(folder: string): StoreView {
  const file = () => readdirSync(folder).find((name) => name.endsWith('.db')) ?? '';
  return {
    name: 'its file',
    bytes: async () =>
      readdirSync(folder).reduce((sum, name) => sum + (statSync(join(folder, name)).size ?? 0), 0),
    async counts() {
      const database = new Libsql(join(folder, file()), { readonly: true, timeout: 5_000 });
      try {
        const tables = database
          .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
          .all() as { name: string }[];
        const rows = tables.map(({ name }) => {
          const { found } = database.prepare(`select count(*) as found from ${name}`).get() as {
            found: number;
          };
          return [name, found] as const;
        });
        return new Map(rows.filter(([, found]) => found > 0));
      } finally {
        database.close();
      }
    },
    close() {},
  };
}

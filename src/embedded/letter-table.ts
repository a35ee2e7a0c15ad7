import { revived } from '../core/dead-letters.ts';
import type { DeadLetter } from '../core/ports/store.ts';
import type { Database } from './database.ts';

export interface LetterTable {
  all(): DeadLetter[];
  count(): number;
  /** The key whose line has it again. */
  replay(id: string): string | undefined;
  purge(id?: string): number;
}

interface Row {
  readonly seq: number;
  readonly key: string;
  readonly message: string;
  readonly reason: string;
  readonly at: number;
  readonly record: string | null;
}

/** The dead letters. Their number, which is never used twice, is their id. */
export function createLetterTable(database: Database): LetterTable {
  const remove = (id: string) => database.run('delete from dead_letters where cast(seq as text) = ?', id);
  return {
    all: () => database.all<Row>('select * from dead_letters order by seq').map(toLetter),
    count: () => database.get<{ n: number }>('select count(*) as n from dead_letters')?.n ?? 0,
    replay: (id) =>
      database.transaction(() => {
        const row = database.get<Row>('select * from dead_letters where cast(seq as text) = ?', id);
        if (!row) return undefined;
        const { message, record } = revived(toLetter(row));
        database.run(
          'insert into mail (key, message, record) values (?, ?, ?)',
          row.key,
          JSON.stringify(message),
          record ? JSON.stringify(record) : null,
        );
        remove(id);
        return row.key;
      }),
    purge: (id) => (id === undefined ? database.run('delete from dead_letters') : remove(id)),
  };
}

function toLetter({ seq, key, message, reason, at, record }: Row): DeadLetter {
  return {
    id: String(seq),
    key,
    message: JSON.parse(message),
    reason,
    at,
    ...(record ? { record: JSON.parse(record) } : {}),
  };
}

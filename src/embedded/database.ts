import Libsql from 'libsql';

/** What may be bound. libsql ends the whole process when it is given a boolean. */
type Value = string | number | null;

/** One SQLite file, opened. Every call is synchronous, and a write is on disk when it returns. */
export interface Database {
  /** Runs a statement and tells how many rows it changed. */
  run(sql: string, ...values: Value[]): number;
  get<Row>(sql: string, ...values: Value[]): Row | undefined;
  all<Row>(sql: string, ...values: Value[]): Row[];
  /** Runs statements that take no values. */
  exec(sql: string): void;
  /** All of the steps, or none. */
  transaction<Result>(steps: () => Result): Result;
  close(): void;
}

/** Waits, and blocks this process, up to `busyTimeoutMs` while another one writes. */
export function openDatabase(file: string, busyTimeoutMs: number): Database {
  const libsql = new Libsql(file, { timeout: busyTimeoutMs });
  // Each is prepared once: a thrown away one keeps its memory until the garbage is collected.
  const statements = new Map<string, ReturnType<typeof libsql.prepare>>();
  const prepared = (sql: string) => {
    const statement = statements.get(sql) ?? libsql.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    run(sql, ...values) {
      return prepared(sql).run(...values).changes;
    },
    get<Row>(sql: string, ...values: Value[]) {
      return prepared(sql).get(...values) as Row | undefined;
    },
    all<Row>(sql: string, ...values: Value[]) {
      return prepared(sql).all(...values) as Row[];
    },
    exec: (sql) => void libsql.exec(sql),
    transaction(steps) {
      libsql.exec('begin immediate');
      try {
        const result = steps();
        libsql.exec('commit');
        return result;
      } catch (error) {
        // A full disk has rolled it back already.
        if (libsql.inTransaction) libsql.exec('rollback');
        throw error;
      }
    },
    close() {
      // Kept, they would go on writing.
      statements.clear();
      libsql.close();
    },
  };
}

import { join } from 'node:path';
import { type Database, openDatabase } from './database.ts';
import { openError } from './open-error.ts';

/**
 * Holds a folder for this process alone, by a lock on a file of its own: the data file must stay open to the
 * command line. The system lets go of it when the process ends, also at SIGKILL.
 */
export function holdLock(dir: string): { release(): void } {
  const file = join(dir, 'bridge.lock');
  let lock: Database | undefined;
  try {
    lock = openDatabase(file, 0);
    // Without something to write, SQLite only reads a file that it may not write, and locks nothing.
    lock.exec('begin exclusive; pragma user_version = 1');
  } catch (error) {
    lock?.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw openError(file, error);
    throw new Error(`another bridge is at work in ${dir}: stop it, or set DATA_DIR to another folder`);
  }
  const held = lock;
  return {
    release() {
      held.exec('rollback');
      held.close();
    },
  };
}

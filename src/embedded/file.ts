import { join } from 'node:path';
import type { Clock } from '../core/ports/world.ts';
import { type Database, openDatabase } from './database.ts';
import { openError } from './open-error.ts';
import { prepareSchema } from './schema.ts';

export interface FolderOptions {
  readonly dir: string;
  readonly clock: Clock;
}

/** The command line's writes are short. */
const busyTimeoutMs = 2_000;

/** The one file that everything is in. */
export const fileIn = (dir: string): string => join(dir, 'bridge.db');

/** Rejects with a message for the owner. */
export function openBridgeFile(file: string): Database {
  let database: Database | undefined;
  try {
    database = openDatabase(file, busyTimeoutMs);
    prepareSchema(database);
    return database;
  } catch (error) {
    database?.close();
    throw openError(file, error);
  }
}

/**
 * A second way into the same file, that does not wait for the disk: what is written here outlives our process, however it
 * ends, and is lost only with the power of the machine.
 */
export function openQuickly(file: string): Database {
  const database = openDatabase(file, busyTimeoutMs);
  database.exec('pragma synchronous = normal');
  return database;
}

/** What lies in the log beside the file: whoever copies or moves the file alone has everything then. */
export function intoTheFile(database: Database): void {
  try {
    database.exec('pragma wal_checkpoint(truncate)');
  } catch {
    // The log stays, and nothing is lost.
  }
}

import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Home } from '../core/ports/store.ts';
import type { Clock, Log } from '../core/ports/world.ts';
import { retryDelaysMs } from '../core/retry.ts';
import { openBudget } from './budget.ts';
import { createConversationStore } from './conversations.ts';
import { type Database, openDatabase } from './database.ts';
import { makeFolder } from './folder.ts';
import { createInterrupts } from './interrupts.ts';
import { createLeases } from './leases.ts';
import { holdLock } from './lock.ts';
import { createMailTable } from './mail-table.ts';
import { createMailbox } from './mailbox.ts';
import { openError } from './open-error.ts';
import { prepareSchema } from './schema.ts';
import { createSuggestions } from './suggestions.ts';

interface EmbeddedHomeOptions {
  /** Made if it is not there. */
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly retryDelaysMs?: readonly number[];
}

/** The command line's writes are short. */
const busyTimeoutMs = 2_000;

/** Keeps everything in one SQLite file, `bridge.db` in `dir`: for one process, and without a server. */
export async function openEmbeddedHome(options: EmbeddedHomeOptions): Promise<Home> {
  const { dir, clock, log } = options;
  try {
    makeFolder(resolve(dir));
  } catch (error) {
    throw openError(dir, error);
  }
  const lock = holdLock(dir);
  const file = join(dir, 'bridge.db');
  let database: Database | undefined;
  let quick: Database;
  try {
    database = openBridgeFile(file);
    quick = openQuickly(file);
  } catch (error) {
    database?.close();
    lock.release();
    throw error;
  }
  const mail = createMailTable(database, clock);
  return {
    mailbox: createMailbox({ mail, clock, log, retryDelaysMs: options.retryDelaysMs ?? retryDelaysMs }),
    conversations: createConversationStore(database, clock),
    interrupts: createInterrupts(log),
    suggestions: createSuggestions(database, clock),
    leases: createLeases(),
    budget: openBudget(quick, clock, log),
    salt: async () => keptSalt(database),
    async close() {
      quick.close();
      intoTheFile(database);
      database.close();
      lock.release();
    },
  };
}

function openBridgeFile(file: string): Database {
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
function openQuickly(file: string): Database {
  const database = openDatabase(file, busyTimeoutMs);
  database.exec('pragma synchronous = normal');
  return database;
}

/** What lies in the log beside the file: whoever copies or moves the file alone has everything then. */
function intoTheFile(database: Database): void {
  try {
    database.exec('pragma wal_checkpoint(truncate)');
  } catch {
    // The log stays, and nothing is lost.
  }
}

function keptSalt(database: Database): string {
  const fresh = randomBytes(32).toString('hex');
  database.run(`insert into facts (name, value) values ('salt', ?) on conflict do nothing`, fresh);
  return database.get<{ value: string }>(`select value from facts where name = 'salt'`)?.value ?? fresh;
}

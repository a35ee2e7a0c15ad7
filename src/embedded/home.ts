import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Home } from '../core/ports/store.ts';
import type { Log } from '../core/ports/world.ts';
import { retryDelaysMs } from '../core/retry.ts';
import { openBudget } from './budget.ts';
import { createConversationStore } from './conversations.ts';
import type { Database } from './database.ts';
import { createFeed } from './feed.ts';
import { type FolderOptions, fileIn, intoTheFile, openBridgeFile, openQuickly } from './file.ts';
import { makeFolder } from './folder.ts';
import { createInterrupts } from './interrupts.ts';
import { createLeases } from './leases.ts';
import { createLetterTable } from './letter-table.ts';
import { createLineTable } from './line-table.ts';
import { holdLock } from './lock.ts';
import { createMailTable } from './mail-table.ts';
import { createMailbox } from './mailbox.ts';
import { createNotes } from './notes.ts';
import { openError } from './open-error.ts';
import { createPosts } from './posts.ts';
import { createSessions } from './sessions.ts';
import { createSuggestions } from './suggestions.ts';

interface EmbeddedHomeOptions extends FolderOptions {
  readonly log: Log;
  readonly retryDelaysMs?: readonly number[];
}

/** Keeps everything in one SQLite file in `dir`, which is made if it is not there: for one process, and without a server. */
export async function openEmbeddedHome(options: EmbeddedHomeOptions): Promise<Home> {
  const { dir, clock, log } = options;
  try {
    makeFolder(resolve(dir));
  } catch (error) {
    throw openError(dir, error);
  }
  const lock = holdLock(dir);
  const file = fileIn(dir);
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
  return {
    mailbox: createMailbox({
      mail: createMailTable(database, clock),
      lines: createLineTable(database, clock),
      letters: createLetterTable(database),
      clock,
      log,
      retryDelaysMs: options.retryDelaysMs ?? retryDelaysMs,
    }),
    conversations: createConversationStore(database, clock),
    interrupts: createInterrupts(log),
    suggestions: createSuggestions(database, clock),
    notes: createNotes(quick, clock),
    posts: createPosts(quick, clock),
    sessions: createSessions(database, clock),
    feed: createFeed(quick, clock),
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

function keptSalt(database: Database): string {
  const fresh = randomBytes(32).toString('hex');
  database.run(`insert into facts (name, value) values ('salt', ?) on conflict do nothing`, fresh);
  return database.get<{ value: string }>(`select value from facts where name = 'salt'`)?.value ?? fresh;
}

import type { Database } from './database.ts';

/** Marks a SQLite file as ours: "CzBr". */
const applicationId = 0x437a4272;

/** How a file of each version becomes one of the next; the first makes the tables in an empty file. Only ever added to. */
const migrations = [
  `
  -- What has not been answered yet. seq is never used twice.
  create table mail (
    seq integer primary key autoincrement,
    key text not null,
    message text not null,
    attempts integer not null default 0,
    record text
  );
  create index mail_by_key on mail (key, seq);

  -- The ids of the messages of the last day.
  create table seen (id text primary key, at integer not null) without rowid;
  create index seen_by_age on seen (at);

  create table dead_letters (
    seq integer primary key autoincrement,
    key text not null,
    message text not null,
    reason text not null,
    at integer not null
  );

  create table conversations (
    key text primary key,
    generation integer not null,
    conversation_id text,
    discarded text
  ) without rowid;

  -- The resets of the last day.
  create table resets (
    key text not null,
    reset_id text not null,
    at integer not null,
    primary key (key, reset_id)
  ) without rowid;
  create index resets_by_age on resets (at);

  -- salt; owner: which call of work() the mail belongs to.
  create table facts (name text primary key, value) without rowid;
  insert into facts values ('owner', 0);
`,
  `
  -- How much may be sent where, as JSON.
  create table budgets (name text primary key, kept text not null, keep_until integer not null) without rowid;
  create index budgets_by_age on budgets (keep_until);
`,
];

/** Brings a file of ours, or an empty one, up to date. Does not touch another program's file or a newer bridge's. */
export function prepareSchema(database: Database): void {
  const found = versionOf(database);
  database.all('pragma journal_mode = wal');
  database.all('pragma synchronous = full');
  database.transaction(() => {
    for (const migration of migrations.slice(found)) database.exec(migration);
    database.exec(`pragma application_id = ${applicationId}`);
    // Written at each start: a file that only can be read is found out here.
    database.exec(`pragma user_version = ${migrations.length}`);
  });
}

/** 0 for an empty file. */
function versionOf(database: Database): number {
  const found = database.get<{ application: number; version: number; tables: number }>(`
    select application_id as application, user_version as version, (select count(*) from sqlite_schema) as tables
    from pragma_application_id, pragma_user_version`);
  if (found?.application === applicationId) {
    if (found.version > migrations.length)
      throw new Error('it was written by a newer bridge: update this one');
    return found.version;
  }
  if (found?.tables !== 0) throw new Error("it is another program's: set DATA_DIR to a folder of our own");
  return 0;
}

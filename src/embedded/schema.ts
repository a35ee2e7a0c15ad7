import type { Database } from './database.ts';

/** Marks a SQLite file as ours: "CzBr". */
const applicationId = 0x437a4272;
const version = 1;

const tables = `
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
`;

/** Makes the tables in an empty file. Does not touch a file that is another program's or a newer bridge's. */
export function prepareSchema(database: Database): void {
  const isNew = isNewFile(database);
  database.all('pragma journal_mode = wal');
  database.all('pragma synchronous = full');
  database.transaction(() => {
    if (isNew) database.exec(`${tables} pragma application_id = ${applicationId};`);
    // Written at each start: a file that only can be read is found out here.
    database.exec(`pragma user_version = ${version}`);
  });
}

function isNewFile(database: Database): boolean {
  const found = database.get<{ application: number; version: number; tables: number }>(`
    select application_id as application, user_version as version, (select count(*) from sqlite_schema) as tables
    from pragma_application_id, pragma_user_version`);
  if (found?.application === applicationId) {
    if (found.version > version) throw new Error('it was written by a newer bridge: update this one');
    return false;
  }
  if (found?.tables !== 0) throw new Error("it is another program's: set DATA_DIR to a folder of our own");
  return true;
}

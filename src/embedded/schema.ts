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

  -- The answer is no longer wanted.
  alter table mail add column stopped integer not null default 0;

  -- The questions that Coze has suggested in the last week, as JSON.
  create table suggestions (turn text primary key, questions text not null, at integer not null) without rowid;
  create index suggestions_by_age on suggestions (at);
`,
  `
  -- How often it was taken or put back: what an earlier take does, it does no more.
  alter table mail add column taken integer not null default 0;

  -- How many of its attempts have failed; the others were not lived through.
  alter table mail add column failures integer not null default 0;

  -- What the attempts have come to, as JSON.
  alter table dead_letters add column record text;

  -- The message of each line that was answered last, in the last ten minutes, and its record.
  create table answered (key text primary key, message text not null, record text, at integer not null) without rowid;
  create index answered_by_age on answered (at);

  -- What the adapters must know again.
  create table notes (
    book text not null,
    name text not null,
    value text not null,
    at integer not null,
    primary key (book, name)
  ) without rowid;

  -- The messages of the last hour that are ours.
  create table posts (
    platform text not null,
    bot text not null,
    channel text not null,
    id text not null,
    name text not null,
    at integer not null,
    primary key (platform, bot, channel, id)
  ) without rowid;
  create index posts_by_age on posts (at);
  create index posts_by_name on posts (platform, bot, channel, name);
`,
  `
  -- The messages of the last hour, by what counts their ids; those without a name are not ours.
  drop table posts;
  create table posts (
    platform text not null,
    bot text not null,
    counter text not null,
    channel text not null,
    id integer not null,
    name text,
    at integer not null,
    primary key (platform, bot, counter, id, channel)
  ) without rowid;
  create index posts_by_age on posts (at);
  create index posts_by_name on posts (platform, bot, counter, name);
`,
  `
  -- What is told of answers to those who follow them, as JSON.
  create table feeds (
    name text not null,
    nth integer not null,
    event text not null,
    at integer not null,
    primary key (name, nth)
  ) without rowid;
  create index feeds_by_age on feeds (at);

  -- Who asks by HTTP.
  create table sessions (
    id text primary key,
    owner text not null,
    user text not null,
    messages integer not null,
    at integer not null
  ) without rowid;
  create index sessions_by_age on sessions (at);

  -- The key that each of Coze's conversations was first kept for.
  create table holders (conversation_id text primary key, key text not null) without rowid;
  insert or ignore into holders select conversation_id, key from conversations where conversation_id is not null;
  insert or ignore into holders select discarded, key from conversations where discarded is not null;
`,
  `
  -- Null: for good.
  alter table conversations add column kept_until integer;
  create index conversations_by_end on conversations (kept_until) where kept_until is not null;
  create index conversations_by_id on conversations (conversation_id);
  create index holders_by_key on holders (key);
`,
];

/** Brings a file of ours, or an empty one, up to date. Does not touch another program's file or a newer bridge's. */
export function prepareSchema(database: Database): void {
  versionOf(database);
  database.all('pragma journal_mode = wal');
  database.all('pragma synchronous = full');
  database.transaction(() => {
    // Asked again: the command line may have come first.
    for (const migration of migrations.slice(versionOf(database))) database.exec(migration);
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

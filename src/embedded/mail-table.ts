import { isControlKey } from '../core/addressing.ts';
import { DeliveryLost } from '../core/errors.ts';
import { openForMs } from '../core/joining.ts';
import { answeredForMs } from '../core/lifetimes.ts';
import type { InboundMessage } from '../core/message.ts';
import type { Answered, TurnRecord } from '../core/ports/store.ts';
import type { Clock } from '../core/ports/world.ts';
import { maxDeaths } from '../core/retry.ts';
import type { Database } from './database.ts';

/** A message taken from its line. It changes the mail only as long as its owner and its number are the last. */
export interface Take {
  readonly owner: number;
  readonly seq: number;
  /** Which take of this message it is. */
  readonly number: number;
  readonly key: string;
  readonly message: InboundMessage;
  readonly attempt: number;
  /** How many attempts before this one have failed. */
  readonly failures: number;
  readonly record: TurnRecord | undefined;
  /** Its worker has died as often as may be. */
  readonly spent: boolean;
}

/** Its rest is waited for: nothing was taken. */
export interface Waiting {
  readonly openUntil: number;
  readonly waitMs: number;
}

/** The first message of each line. What needs a take throws DeliveryLost when that one is overtaken. */
export interface MailTable {
  /** Makes the caller the one owner: no take of an earlier one changes anything from now on. */
  own(): number;
  owner(): number;
  /** The first message of a line; its attempt is counted. `awaited`: until then its rest has been waited for. */
  take(owner: number, key: string, awaited?: number): Take | Waiting | undefined;
  /** With `isProgress` the attempts are counted anew: this one is the first. */
  note(take: Take, record: TurnRecord, isProgress: boolean): void;
  /** False: this message is not the first one. */
  stop(key: string, messageId: string): boolean;
  isStopped(take: Take): boolean;
  /** Its answer has landed. */
  remove(take: Take): void;
  answered(key: string): Answered | undefined;
  /** Moves it to the dead letters. */
  bury(take: Take, reason: string): void;
  uncount(take: Take): void;
  /** It came to an end, though not to a good one. */
  fail(take: Take): void;
}

interface Row {
  readonly seq: number;
  readonly message: string;
  readonly attempts: number;
  readonly failures: number;
  readonly taken: number;
  readonly record: string | null;
}

const ours = `seq = ? and taken = ? and (select value from facts where name = 'owner') = ?`;

export function createMailTable(database: Database, clock: Clock): MailTable {
  /** Runs a statement that ends in `where ${ours}`. */
  const change = (take: Take, sql: string, ...values: string[]) => {
    const changed = database.run(`${sql} where ${ours}`, ...values, take.seq, take.number, take.owner);
    if (changed === 0) throw new DeliveryLost('another attempt at this message has begun, or it is gone');
  };
  const owner = () =>
    database.get<{ value: number }>(`select value from facts where name = 'owner'`)?.value ?? 0;
  const firstOf = (key: string) =>
    database.get<Row>('select * from mail where key = ? order by seq limit 1', key);

  return {
    owner,
    own: () =>
      database.transaction(() => {
        database.run(`update facts set value = value + 1 where name = 'owner'`);
        return owner();
      }),
    stop: (key, messageId) =>
      database.run(
        `update mail set stopped = 1 where seq = ? and message ->> 'id' = ?`,
        firstOf(key)?.seq ?? 0,
        messageId,
      ) > 0,
    isStopped: ({ seq }) =>
      database.get('select 1 from mail where seq = ? and stopped = 1', seq) !== undefined,
    take(owner, key, awaited) {
      const row = firstOf(key);
      if (!row) return undefined;
      const message: InboundMessage = JSON.parse(row.message);
      const { openUntil = 0 } = message;
      const waitMs = openForMs(message, clock.now());
      if (waitMs > 0 && openUntil !== awaited) return { openUntil, waitMs };
      const record: TurnRecord | undefined = row.record === null ? undefined : JSON.parse(row.record);
      const { seq, attempts, failures, taken: number } = row;
      const spent = attempts - failures >= maxDeaths;
      const attempt = spent ? attempts : attempts + 1;
      const take: Take = { owner, key, seq, number, message, attempt, failures, record, spent };
      change(take, `update mail set taken = taken + 1, attempts = ${spent ? 'attempts' : 'attempts + 1'}`);
      return { ...take, number: take.number + 1 };
    },
    note: (take, record, isProgress) =>
      change(
        take,
        `update mail set ${isProgress ? 'attempts = 1, failures = 0, ' : ''}record = ?`,
        JSON.stringify(record),
      ),
    // The number is raised, so that it is done once, and that this take changes nothing more.
    uncount: (take) => change(take, 'update mail set taken = taken + 1, attempts = attempts - 1'),
    fail: (take) => change(take, 'update mail set taken = taken + 1, failures = failures + 1'),
    remove: (take) =>
      database.transaction(() => {
        keepAnswered(database, take, clock.now());
        change(take, 'delete from mail');
      }),
    answered: (key) => findAnswered(database, key, clock.now()),
    bury: (take, reason) =>
      database.transaction(() => {
        database.run('delete from answered where key = ?', take.key);
        database.run(
          'insert into dead_letters (key, message, reason, at, record) select key, message, ?, ?, record from mail where seq = ?',
          reason,
          clock.now(),
          take.seq,
        );
        change(take, 'delete from mail');
      }),
  };
}

function findAnswered(database: Database, key: string, now: number): Answered | undefined {
  const select = 'select message, record from answered where key = ? and at >= ?';
  const row = database.get<Row>(select, key, now - answeredForMs);
  if (!row) return undefined;
  return {
    message: JSON.parse(row.message),
    record: row.record ? JSON.parse(row.record) : { generation: 0, posted: [] },
  };
}

/** Before the message is removed, and in one transaction with that. */
function keepAnswered(database: Database, { key, seq, message }: Take, now: number): void {
  database.run('delete from answered where at < ?', now - answeredForMs);
  if (isControlKey(key)) return;
  // An edit that noted nothing has changed nothing.
  const noted = database.get<Row>('select record from mail where seq = ?', seq);
  if (message.edits && !noted?.record) return;
  database.run(
    'insert or replace into answered (key, message, record, at) select key, message, record, ? from mail where seq = ?',
    now,
    seq,
  );
}

import { DeliveryLost } from '../core/errors.ts';
import type { InboundMessage } from '../core/message.ts';
import type { DeadLetter, TurnRecord } from '../core/ports/store.ts';
import type { Clock } from '../core/ports/world.ts';
import { knownForMs, maxAttempts } from '../core/retry.ts';
import type { Database } from './database.ts';

/** A message taken from its line. It changes the mail only as long as its owner and its attempt are the last. */
export interface Take {
  readonly owner: number;
  readonly seq: number;
  readonly key: string;
  readonly message: InboundMessage;
  readonly attempt: number;
  readonly record: TurnRecord | undefined;
  /** It was attempted as often as it may be, and none of the attempts came to an end. */
  readonly spent: boolean;
}

/** The mail as it lies on disk. What needs a take throws DeliveryLost when that one is overtaken. */
export interface MailTable {
  put(key: string, message: InboundMessage): 'stored' | 'seen';
  /** Who has mail, the longest waiting first. */
  keys(): string[];
  /** Makes the caller the one owner: no take of an earlier one changes anything from now on. */
  own(): number;
  owner(): number;
  /** The first message of a line; its attempt is counted. */
  take(owner: number, key: string): Take | undefined;
  note(take: Take, record: TurnRecord): void;
  first(key: string): InboundMessage | undefined;
  /** False: this message is not the first one. */
  stop(key: string, messageId: string): boolean;
  isStopped(take: Take): boolean;
  remove(take: Take): void;
  /** Moves it to the dead letters. */
  bury(take: Take, reason: string): void;
  uncount(take: Take): void;
  deadLetters(): DeadLetter[];
}

const ours = `seq = ? and attempts = ? and (select value from facts where name = 'owner') = ?`;

export function createMailTable(database: Database, clock: Clock): MailTable {
  /** Runs a statement that ends in `where ${ours}`. */
  const change = (take: Take, sql: string, ...values: string[]) => {
    const changed = database.run(`${sql} where ${ours}`, ...values, take.seq, take.attempt, take.owner);
    if (changed === 0) throw new DeliveryLost('another attempt at this message has begun, or it is gone');
  };
  const owner = () =>
    database.get<{ value: number }>(`select value from facts where name = 'owner'`)?.value ?? 0;
  const firstOf = (key: string) =>
    database.get<MailRow>('select * from mail where key = ? order by seq limit 1', key);
  return {
    owner,
    own: () =>
      database.transaction(() => {
        database.run(`update facts set value = value + 1 where name = 'owner'`);
        return owner();
      }),
    put: (key, message) => database.transaction(() => put(database, clock.now(), key, message)),
    keys: () =>
      database
        .all<{ key: string }>('select key from mail group by key order by min(seq)')
        .map(({ key }) => key),
    first: (key) => {
      const row = firstOf(key);
      return row && read(row).message;
    },
    stop: (key, messageId) =>
      database.run(
        `update mail set stopped = 1 where seq = ? and message ->> 'id' = ?`,
        firstOf(key)?.seq ?? 0,
        messageId,
      ) > 0,
    isStopped: ({ seq }) =>
      database.get('select 1 from mail where seq = ? and stopped = 1', seq) !== undefined,
    take(owner, key) {
      const row = firstOf(key);
      if (!row) return undefined;
      const spent = row.attempts >= maxAttempts;
      const take: Take = { ...read(row), owner, key, seq: row.seq, attempt: row.attempts, spent };
      if (spent) return take;
      change(take, 'update mail set attempts = attempts + 1');
      return { ...take, attempt: take.attempt + 1 };
    },
    note: (take, record) => change(take, 'update mail set record = ?', JSON.stringify(record)),
    remove: (take) => change(take, 'delete from mail'),
    uncount: (take) => change(take, 'update mail set attempts = attempts - 1'),
    bury: (take, reason) =>
      database.transaction(() => {
        change(take, 'delete from mail');
        database.run(
          'insert into dead_letters (key, message, reason, at) values (?, ?, ?, ?)',
          take.key,
          JSON.stringify(take.message),
          reason,
          clock.now(),
        );
      }),
    deadLetters: () =>
      database
        .all<LetterRow>('select key, message, reason, at from dead_letters order by seq')
        .map((row) => ({ ...row, message: JSON.parse(row.message) })),
  };
}

function put(database: Database, now: number, key: string, message: InboundMessage): 'stored' | 'seen' {
  database.run('delete from seen where at < ?', now - knownForMs);
  const insert = 'insert into seen (id, at) values (?, ?) on conflict do nothing';
  if (!database.run(insert, message.id, now)) return 'seen';
  database.run('insert into mail (key, message) values (?, ?)', key, JSON.stringify(message));
  return 'stored';
}

interface MailRow {
  readonly seq: number;
  readonly message: string;
  readonly attempts: number;
  readonly record: string | null;
}

type LetterRow = Omit<DeadLetter, 'message'> & { readonly message: string };

const read = ({ message, record }: MailRow): Pick<Take, 'message' | 'record'> => ({
  message: JSON.parse(message),
  record: record === null ? undefined : JSON.parse(record),
});

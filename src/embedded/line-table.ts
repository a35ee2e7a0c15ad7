import { amended, join } from '../core/joining.ts';
import { knownForMs } from '../core/lifetimes.ts';
import type { InboundMessage } from '../core/message.ts';
import type { MailFigures } from '../core/ports/figures.ts';
import type { Clock } from '../core/ports/world.ts';
import type { Database } from './database.ts';

/** How messages get into their line, and what lies there. */
export interface LineTable {
  put(key: string, message: InboundMessage): 'stored' | 'seen' | 'joined';
  /** `apart`: it joins nothing, and nothing was done. */
  join(key: string, message: InboundMessage): 'seen' | 'joined' | 'apart';
  amend(key: string, edited: InboundMessage): boolean;
  withdraw(key: string, messageId: string): boolean;
  line(key: string): InboundMessage[];
  count(key: string): number;
  knows(messageId: string): boolean;
  /** Who has mail, the longest waiting first. */
  keys(): string[];
  figures(): Pick<MailFigures, 'lines' | 'oldestAt'>;
}

interface Row {
  readonly seq: number;
  readonly message: string;
}

/** It is not in hand, and no attempt at it has left anything. */
const untouched = 'attempts = 0 and record is null';

export function createLineTable(database: Database, clock: Clock): LineTable {
  /** False: it was seen before. */
  function see(id: string): boolean {
    const now = clock.now();
    database.run('delete from seen where at < ?', now - knownForMs);
    return database.run('insert into seen (id, at) values (?, ?) on conflict do nothing', id, now) > 0;
  }

  const isSeen = (id: string) =>
    database.get('select 1 from seen where id = ? and at >= ?', id, clock.now() - knownForMs) !== undefined;

  const replace = ({ seq }: Row, message: InboundMessage) =>
    database.run(`update mail set message = ? where seq = ? and ${untouched}`, JSON.stringify(message), seq) >
    0;

  function joinLast(key: string, message: InboundMessage): boolean {
    const last = database.get<Row>('select * from mail where key = ? order by seq desc limit 1', key);
    const joined = last && join(read(last), message, clock.now());
    return joined !== undefined && replace(last as Row, joined);
  }

  const lineOf = (key: string) =>
    database.all<Row>('select seq, message from mail where key = ? order by seq', key);

  return {
    put: (key, message) =>
      database.transaction(() => {
        if (!see(message.id)) return 'seen';
        if (joinLast(key, message)) return 'joined';
        database.run('insert into mail (key, message) values (?, ?)', key, JSON.stringify(message));
        return 'stored';
      }),
    join: (key, message) =>
      database.transaction(() => {
        if (isSeen(message.id)) return 'seen';
        if (!joinLast(key, message)) return 'apart';
        see(message.id);
        return 'joined';
      }),
    amend: (key, edited) =>
      database.transaction(() => {
        if (isSeen(edited.id)) return false;
        for (const row of lineOf(key).reverse()) {
          const newer = amended(read(row), edited);
          if (newer) return replace(row, newer) && see(edited.id);
        }
        return false;
      }),
    withdraw: (key, messageId) =>
      database.run(
        `delete from mail where key = ? and message ->> 'id' = ?
        and (${untouched} or seq > (select min(seq) from mail where key = ?))`,
        key,
        messageId,
        key,
      ) > 0,
    line: (key) => lineOf(key).map(read),
    knows: isSeen,
    count: (key) => database.get<{ n: number }>('select count(*) as n from mail where key = ?', key)?.n ?? 0,
    keys: () =>
      database
        .all<{ key: string }>('select key from mail group by key order by min(seq)')
        .map(({ key }) => key),
    figures() {
      // Beside min(), SQLite takes the other columns from the row that has it.
      const firsts = `select min(seq), message ->> 'sentAt' as at from mail group by key`;
      const sum = database.get<{ lines: number; at: number | null }>(
        `select count(*) as lines, min(at) as at from (${firsts})`,
      );
      return { lines: sum?.lines ?? 0, oldestAt: sum?.at ?? undefined };
    },
  };
}

const read = ({ message }: Row): InboundMessage => JSON.parse(message);

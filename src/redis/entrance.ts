import type { Redis } from 'ioredis';
import type { DeadLetters, Mailbox } from '../core/ports/store.ts';
import type { Log } from '../core/ports/world.ts';
import type { Doorbell } from './doorbell.ts';
import { readFigures } from './figures.ts';
import { createLetters } from './letters.ts';
import { createLines, type Placed } from './line.ts';
import type { MailNames } from './mail-names.ts';
import { logTrouble } from './trouble.ts';

interface EntranceOptions {
  readonly client: Redis;
  readonly names: MailNames;
  readonly doorbell: Doorbell;
  readonly log: Log;
  readonly now: () => number;
}

/** The dead letters, and all that comes into a line: safe first, and then the bell is rung. */
export type Entrance = Pick<
  Mailbox,
  'put' | 'join' | 'amend' | 'withdraw' | 'keys' | 'line' | 'count' | 'knows' | 'figures'
> &
  Omit<DeadLetters, 'close'>;

export function createEntrance({ client, names, doorbell, log, now }: EntranceOptions): Entrance {
  const lines = createLines(client, names, now);
  const letters = createLetters(client, names);

  /** Also for what was seen: whoever put it first may have died before ringing. */
  async function ring(key: string, placed?: Placed): Promise<void> {
    try {
      await (placed === 'due' ? doorbell.hurry(key) : doorbell.ring(key));
    } catch (error) {
      logTrouble(log, 'warn', error, 'the doorbell could not be rung: the next sweep will');
    }
  }

  return {
    async put(key, message) {
      const placed = await lines.put(key, message);
      await ring(key, placed);
      return placed === 'due' ? 'joined' : placed;
    },
    async join(key, message) {
      const placed = await lines.join(key, message);
      if (placed !== 'apart') await ring(key, placed);
      return placed !== 'apart';
    },
    amend: lines.amend,
    withdraw: lines.withdraw,
    keys: lines.keys,
    line: lines.line,
    count: lines.count,
    knows: lines.knows,
    figures: () => readFigures(client, names),
    deadLetters: letters.all,
    async replay(id) {
      const key = await letters.replay(id);
      if (key !== undefined) await ring(key);
      return key !== undefined;
    },
    purge: letters.purge,
  };
}

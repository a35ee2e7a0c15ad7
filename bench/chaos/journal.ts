import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

/** What was done to whom: a process, Redis, or all the connections to a service. */
export const blows = ['worker', 'freeze', 'gateway', 'process', 'redis', 'sockets'] as const;
export type Blow = (typeof blows)[number];

export interface Strike {
  /** Milliseconds since 1970, as everywhere here. */
  readonly at: number;
  readonly blow: Blow;
  readonly victim: string;
}

export interface Journal {
  readonly strikes: readonly Strike[];
  /** When which process was ready. */
  readonly readies: readonly { readonly at: number; readonly name: string }[];
  /** Processes that have ended without having been killed. */
  readonly ends: readonly { readonly at: number; readonly name: string; readonly how: string }[];
  strike(blow: Blow, victim: string): void;
  ready(name: string): void;
  ended(name: string, how: number | string | null): void;
  /** A line for the log, which has everything in one order. */
  log(name: string, line: string): void;
  close(): Promise<void>;
}

/** Writes down what happens, the log into a file of that folder. */
export function openJournal(folder: string): Journal {
  const file = createWriteStream(join(folder, 'log.txt'));
  const strikes: Strike[] = [];
  const readies: { at: number; name: string }[] = [];
  const ends: { at: number; name: string; how: string }[] = [];
  const log = (name: string, line: string) => {
    file.write(`${new Date().toISOString().slice(11, 23)} ${name.padEnd(8)} ${line}\n`);
  };
  return {
    strikes,
    readies,
    ends,
    strike(blow, victim) {
      strikes.push({ at: Date.now(), blow, victim });
      log('HARNESS', `${blow}: ${victim}`);
    },
    ready: (name) => void readies.push({ at: Date.now(), name }),
    ended(name, how) {
      ends.push({ at: Date.now(), name, how: String(how) });
      log('HARNESS', `${name} has ended by itself: ${how}`);
    },
    log,
    close: () => new Promise((resolve) => file.end(resolve)),
  };
}

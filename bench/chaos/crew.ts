import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandFor } from './command.ts';
import type { Journal } from './journal.ts';

/** A place in the crew: the process that has it is started again whenever it ends. */
export interface Member {
  readonly name: string;
  /** Since when the process is ready, in milliseconds since 1970; nothing while it is not. */
  readonly readySince: number | undefined;
  readonly isFrozen: boolean;
  /** SIGKILL. */
  kill(): void;
  /** SIGSTOP, and SIGCONT after that time unless it was killed. */
  freeze(ms: number): Promise<void>;
  /** SIGKILL, and no other process comes in its place. */
  dismiss(): Promise<void>;
}

export interface MemberOptions {
  readonly name: string;
  /** The folder of the bridge. */
  readonly bridge: string;
  /** What is run of it. */
  readonly script: string;
  /** Where it runs. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly journal: Journal;
}

/** Who ends by itself is started again after that; a killed one at once. */
const pauseMs = 500;

export function hire({ name, bridge, script, folder, env, journal }: MemberOptions): Member {
  const command = commandFor(bridge, script);
  let child: ChildProcess;
  let readySince: number | undefined;
  let isFrozen = false;
  let isDismissed = false;
  /** The process that was killed by us. */
  let killed: ChildProcess | undefined;

  function start(): void {
    readySince = undefined;
    isFrozen = false;
    child = spawn(process.execPath, command, {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', SERVER_PORT: 'off', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const mine = child;
    journal.log(name, `started as ${mine.pid}`);
    createInterface({ input: mine.stderr as NonNullable<typeof mine.stderr> }).on('line', (line) => {
      journal.log(name, line);
      if (mine !== child || mine === killed || !line.includes('"msg":"ready"')) return;
      readySince = Date.now();
      journal.ready(name);
    });
    mine.on('exit', () => void restart(mine));
  }

  async function restart(gone: ChildProcess): Promise<void> {
    readySince = undefined;
    if (gone === killed) journal.log(name, 'is gone');
    else if (!isDismissed) {
      journal.ended(name, gone.exitCode ?? gone.signalCode);
      await sleep(pauseMs);
    }
    if (!isDismissed) start();
  }

  function kill(): void {
    killed = child;
    readySince = undefined;
    child.kill('SIGKILL');
  }

  // Nobody would end it after us, least of all while it is frozen.
  process.on('exit', kill);
  start();
  return {
    name,
    get readySince() {
      return readySince;
    },
    get isFrozen() {
      return isFrozen;
    },
    kill,
    async freeze(ms) {
      const mine = child;
      isFrozen = true;
      mine.kill('SIGSTOP');
      await sleep(ms);
      if (mine !== child) return;
      isFrozen = false;
      mine.kill('SIGCONT');
    },
    async dismiss() {
      isDismissed = true;
      const mine = child;
      kill();
      process.off('exit', kill);
      if (mine.exitCode === null && mine.signalCode === null) await once(mine, 'exit');
    },
  };
}

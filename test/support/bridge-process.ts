import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The bridge as `npm start` runs it, in a folder of its own, with nothing but the given variables. */
export interface BridgeProcess {
  /** Standard error so far, and standard output. */
  readonly log: () => string;
  readonly said: () => string;
  write(text: string): void;
  endInput(): void;
  ready(): Promise<void>;
  until(condition: () => boolean): Promise<void>;
  /** Sends the signal, and resolves with the exit status when the process has ended. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  ended(): Promise<number | null>;
}

export interface Launchpad {
  /** `entry`: a file to start in place of the bridge's own, and what it is called with. */
  launch(env: Record<string, string>, ...entry: string[]): BridgeProcess;
  /** Kills what still runs and removes the folder. */
  clear(): Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');
const tsx = createRequire(import.meta.url).resolve('tsx');

/** One folder for all processes started from it, as a machine where the bridge is stopped and started again. */
export function createLaunchpad(): Launchpad {
  const folder = mkdtempSync(join(tmpdir(), 'coze-bridge-test-'));
  const children: ChildProcess[] = [];
  return {
    launch(env, entry = 'src/main.ts', ...args) {
      const { PATH = '' } = process.env;
      const child = spawn(process.execPath, ['--import', tsx, join(root, entry), ...args], {
        cwd: folder,
        // Many run beside one another.
        env: { PATH, SERVER_PORT: 'off', ...env },
      });
      children.push(child);
      return follow(child);
    },
    async clear() {
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(children.map(endOf));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function follow(child: ChildProcess): BridgeProcess {
  let log = '';
  let said = '';
  child.stderr?.on('data', (piece) => {
    log += piece;
  });
  child.stdout?.on('data', (piece) => {
    said += piece;
  });
  async function until(condition: () => boolean): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!condition()) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`it did not happen: ${log}${said}`);
      await sleep(10);
    }
  }

  return {
    log: () => log,
    said: () => said,
    write: (text) => void child.stdin?.write(text),
    endInput: () => void child.stdin?.end(),
    ready: () => until(() => log.includes('"msg":"ready"')),
    until,
    stop(signal = 'SIGTERM') {
      child.kill(signal);
      return endOf(child);
    },
    ended: () => endOf(child),
  };
}

async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

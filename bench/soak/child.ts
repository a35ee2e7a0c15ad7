import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandFor } from '../chaos/command.ts';
import type { Told } from './told.ts';

/** A process of the bridge. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** What it told last of itself. */
  readonly usage: Extract<Told, { kind: 'usage' }> | undefined;
  /** Nobody there asks any more. */
  hush(): void;
  /** SIGTERM; resolves with the exit status. */
  stop(): Promise<number | null>;
}

interface ChildOptions {
  readonly name: string;
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onTold: (told: Told) => void;
}

const root = resolve(import.meta.dirname, '../..');

/** Resolves when it is ready. Its log is a file in the folder. */
export async function startChild({ name, folder, env, onTold }: ChildOptions): Promise<Child> {
  const child = spawn(process.execPath, commandFor(root, 'bench/soak/bridge.ts'), {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', SERVER_PORT: 'off', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  let usage: Child['usage'];
  child.on('message', (told: Told) => {
    if (told.kind === 'usage') usage = told;
    else onTold(told);
  });
  const log = createWriteStream(join(folder, `${name}.log`));
  child.stderr?.pipe(log);
  await isReady(child, name);
  return {
    name,
    pid: child.pid ?? 0,
    get usage() {
      return usage;
    },
    hush: () => void child.send('enough'),
    async stop() {
      process.off('exit', kill);
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}

function isReady(child: ChildProcess, name: string): Promise<void> {
  return new Promise((done, reject) => {
    let text = '';
    const look = (piece: Buffer) => {
      text += piece;
      if (!text.includes('"msg":"ready"')) return;
      child.stderr?.off('data', look);
      done();
    };
    child.stderr?.on('data', look);
    child.once('exit', (status) => reject(new Error(`${name} has ended with status ${status}: ${text}`)));
  });
}

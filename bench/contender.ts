import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** A process that is measured, or that one needs. */
export interface Contender {
  readonly pid: number;
  /** A line for its standard input. */
  tell(line: string): void;
  stop(): Promise<void>;
}

/** The options of Node that `npm start` starts the bridge with; all else is started without any. */
function optionsFor(script: string): string[] {
  const words: string[] = scripts.start.endsWith(` ${script}`) ? scripts.start.split(' ') : [];
  return words.filter((word) => word.startsWith('--') && word !== '--import');
}

/** Starts a script of this repository in an empty folder, with nothing but these variables, and waits until it hears. */
export async function launch(script: string, env: Record<string, string>): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), 'coze-bridge-bench-'));
  const options = [...optionsFor(script), '--import', import.meta.resolve('tsx')];
  const child = spawn(process.execPath, [...options, join(root, script)], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', SERVER_PORT: 'off', ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let log = '';
  await new Promise<void>((ready, reject) => {
    child.stderr.on('data', (piece) => {
      log += piece;
      if (log.includes('"msg":"ready"')) ready();
    });
    child.on('exit', () => reject(new Error(`${script} did not start: ${log}`)));
  });
  return {
    pid: child.pid ?? 0,
    tell: (line) => void child.stdin.write(`${line}\n`),
    async stop() {
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

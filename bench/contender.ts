import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BotState } from '../emulators/telegram/world.ts';

const root = resolve(import.meta.dirname, '..');

/** A process that answers one bot. */
export interface Contender {
  readonly name: string;
  readonly bot: BotState;
  stop(): Promise<void>;
}

interface LaunchOptions {
  readonly name: string;
  /** Beside the root of this repository. */
  readonly script: string;
  readonly bot: BotState;
  readonly env: Record<string, string>;
}

/** Starts it in an empty folder, and waits until it hears. */
export async function launch({ name, script, bot, env }: LaunchOptions): Promise<Contender> {
  const folder = mkdtempSync(join(tmpdir(), 'coze-bridge-bench-'));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), join(root, script)], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', TELEGRAM_BOT_TOKEN: bot.token, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  await new Promise<void>((ready, reject) => {
    child.stderr.on('data', (piece) => {
      log += piece;
      if (log.includes('"msg":"ready"')) ready();
    });
    child.on('exit', () => reject(new Error(`${name} did not start: ${log}`)));
  });
  return {
    name,
    bot,
    async stop() {
      child.removeAllListeners('exit');
      child.kill('SIGKILL');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

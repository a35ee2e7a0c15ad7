import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCozeEmulator } from '../emulators/coze/index.ts';
import type { CozeConfig } from './config.ts';

/** What stands in for Coze and for a place to keep things when nothing is configured. */
export interface Demo {
  readonly coze: CozeConfig;
  readonly dataDir: string;
  end(): Promise<void>;
}

export const demoGreeting = `This is the demo of coze-bridge: all of the bridge runs, but a stand-in answers
in place of Coze. To talk to your own bot, set COZE_API_TOKEN and COZE_BOT_ID
(README.md says how), and DISCORD_BOT_TOKEN or TELEGRAM_BOT_TOKEN to bring it there.`;

export async function startDemo(): Promise<Demo> {
  const emulator = await startCozeEmulator();
  // The stand-in forgets everything when it ends, so what refers to it must not be kept either.
  const dataDir = mkdtempSync(join(tmpdir(), 'coze-bridge-demo-'));
  return {
    coze: { token: 'demo', botId: '7300000000000000001', baseUrl: emulator.url },
    dataDir,
    async end() {
      await emulator.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

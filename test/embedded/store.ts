import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { systemClock as clock } from '../../src/clock.ts';
import { openEmbeddedDeadLetters } from '../../src/embedded/dead-letters.ts';
import { openEmbeddedHome } from '../../src/embedded/home.ts';
import { quietLog as log } from '../contracts/quiet-log.ts';
import type { CreateStore } from '../contracts/store.ts';

const makeDir = () => mkdtemp(join(tmpdir(), 'coze-bridge-'));

/** A folder for one test. */
export async function useDir(): Promise<string> {
  const dir = await makeDir();
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

export const createEmbeddedStore: CreateStore = async () => {
  const dir = await makeDir();
  return {
    open: ({ now = clock.now, ...options } = {}) =>
      openEmbeddedHome({ dir, clock: { ...clock, now }, log, ...options }),
    openDeadLetters: () => openEmbeddedDeadLetters({ dir, clock }),
    childArgs: [fileURLToPath(new URL('./mail-worker.ts', import.meta.url)), dir],
    async putUnheard(key, message) {
      const home = await openEmbeddedHome({ dir, clock, log });
      await home.mailbox.put(key, message);
      await home.close();
    },
    // A stopped process keeps its lock; only a file that is gone lets a second bridge in beside it.
    loseHold: () => rm(join(dir, 'bridge.lock')),
    remove: () => rm(dir, { recursive: true }),
  };
};

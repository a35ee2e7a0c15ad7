import { statSync } from 'node:fs';
import type { DeadLetters } from '../core/ports/store.ts';
import { type FolderOptions, fileIn, intoTheFile, openBridgeFile } from './file.ts';
import { createLetterTable } from './letter-table.ts';

/**
 * The dead letters alone, for the command line: beside a bridge that is at work in the folder, whose next sweep finds
 * what is replayed. Rejects with a message for the owner, also where there is no store: it makes none.
 */
export async function openEmbeddedDeadLetters({ dir }: FolderOptions): Promise<DeadLetters> {
  const file = fileIn(dir);
  if (!statSync(file, { throwIfNoEntry: false })?.size) {
    throw new Error(`there is no store in ${dir}: set DATA_DIR to the folder of the bridge`);
  }
  const database = openBridgeFile(file);
  const letters = createLetterTable(database);
  return {
    deadLetters: async () => letters.all(),
    replay: async (id) => letters.replay(id) !== undefined,
    purge: async (id) => letters.purge(id),
    async close() {
      intoTheFile(database);
      database.close();
    },
  };
}

import { existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileIn, openBridgeFile } from './file.ts';
import { openError } from './open-error.ts';

/**
 * Looks whether a bridge could keep things in the folder, also beside one that is at work there; throws in words for
 * the owner. It makes nothing that stays. Returns whether there is a store by now.
 */
export function probeFolder(dir: string): boolean {
  try {
    // Permissions alone do not tell: a file system may be full, or for reading only.
    rmdirSync(mkdtempSync(join(nearest(resolve(dir)), '.coze-bridge-')));
  } catch (error) {
    throw openError(dir, error);
  }
  const file = fileIn(dir);
  if (!statSync(file, { throwIfNoEntry: false })?.size) return false;
  openBridgeFile(file).close();
  return true;
}

/** What there is of the way to it. */
function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}

/** SQLite's result codes, and what their owner can do about them. */
const advice: Record<string, string> = {
  SQLITE_BUSY: 'another program has it open and locked: close that one first',
  SQLITE_NOTADB: 'it is damaged or no SQLite file: move it away, or put a backup in its place',
  SQLITE_CORRUPT: 'it is damaged: move it away, or put a backup in its place',
  SQLITE_READONLY: 'this user may not write it: change its owner, or set DATA_DIR to another folder',
  ENOTDIR: 'something on the way is a file: set DATA_DIR to a folder',
  SQLITE_FULL: 'the disk is full: make room',
};

const otherAdvice = 'make it writable for this user, or set DATA_DIR to another folder';

/** Says what could not be opened and what to do about it. An error without a code says so itself. */
export function openError(path: string, error: unknown): Error {
  const { code, message } = error as { code?: string; message: string };
  const known = Object.entries(advice).find(([name]) => code?.startsWith(name))?.[1];
  const why = known ?? (code === undefined ? message : `${otherAdvice} (${message})`);
  return new Error(`the store ${path} cannot be opened: ${why}`, { cause: error });
}

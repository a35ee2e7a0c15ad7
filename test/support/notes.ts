import type { Notes } from '../../src/core/ports/store.ts';

interface NotesInMemory extends Notes {
  /** What is noted, by book and name. */
  readonly kept: ReadonlyMap<string, string>;
  /** While it is away, everything rejects. */
  isAway: boolean;
}

/** Notes without a store. */
export function createNotes(now: () => number = Date.now): NotesInMemory {
  const kept = new Map<string, { readonly value: string; readonly at: number }>();
  const key = (book: string, name: string) => `${book} ${name}`;
  const notes = {
    isAway: false,
    get kept() {
      return new Map([...kept].map(([name, { value }]) => [name, value]));
    },
    async keep(book: string, name: string, value: string) {
      check();
      kept.set(key(book, name), { value, at: now() });
    },
    async find(book: string, name: string) {
      check();
      return kept.get(key(book, name))?.value;
    },
    async list(book: string, since: number) {
      check();
      return [...kept].flatMap(([found, { value, at }]) =>
        found.startsWith(`${book} `) && at >= since ? [{ name: found.slice(book.length + 1), value }] : [],
      );
    },
  };
  const check = () => {
    if (notes.isAway) throw new Error('connect ECONNREFUSED');
  };
  return notes;
}

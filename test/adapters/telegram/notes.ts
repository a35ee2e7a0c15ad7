import type { Notes } from '../../../src/core/ports/store.ts';

/** Notes of one process, that never forget. */
export function createNotes(): Notes {
  const books = new Map<string, string>();
  const place = (book: string, name: string) => JSON.stringify([book, name]);
  return {
    async keep(book, name, value) {
      books.set(place(book, name), value);
    },
    find: async (book, name) => books.get(place(book, name)),
    list: async () => [],
  };
}

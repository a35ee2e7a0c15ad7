import type { Notes } from '../core/ports/store.ts';
import type { Clock } from '../core/ports/world.ts';
import type { Database } from './database.ts';

export function createNotes(database: Database, clock: Clock): Notes {
  return {
    async keep(book, name, value) {
      const insert = 'insert or replace into notes (book, name, value, at) values (?, ?, ?, ?)';
      database.run(insert, book, name, value, clock.now());
    },
    async find(book, name) {
      const select = 'select value from notes where book = ? and name = ?';
      return database.get<{ value: string }>(select, book, name)?.value;
    },
    async list(book, since) {
      database.run('delete from notes where book = ? and at < ?', book, since);
      return database.all<{ name: string; value: string }>(
        'select name, value from notes where book = ?',
        book,
      );
    },
  };
}

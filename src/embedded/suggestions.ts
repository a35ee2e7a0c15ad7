import { suggestedForMs } from '../core/lifetimes.ts';
import type { Suggestions } from '../core/ports/store.ts';
import type { Clock } from '../core/ports/world.ts';
import type { Database } from './database.ts';

export function createSuggestions(database: Database, clock: Clock): Suggestions {
  return {
    async keep(turn, questions) {
      const now = clock.now();
      database.run('delete from suggestions where at < ?', now - suggestedForMs);
      const insert = 'insert or replace into suggestions (turn, questions, at) values (?, ?, ?)';
      database.run(insert, turn, JSON.stringify(questions), now);
    },
    async find(turn) {
      const row = database.get<{ questions: string }>(
        'select questions from suggestions where turn = ? and at >= ?',
        turn,
        clock.now() - suggestedForMs,
      );
      return row ? JSON.parse(row.questions) : [];
    },
  };
}

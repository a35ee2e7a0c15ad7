import { createBudget, type Kept } from '../core/budget.ts';
import { keptForMs } from '../core/budget-rule.ts';
import type { Budget } from '../core/ports/budget.ts';
import type { Clock, Log } from '../core/ports/world.ts';
import type { Database } from './database.ts';

/**
 * The budget of the one process there is: its memory decides, and what the next process has to know is written through.
 * That must cost next to nothing, so `database` should not wait for the disk.
 */
export function openBudget(database: Database, clock: Clock, log: Log): Budget {
  let sweptAt = Number.NEGATIVE_INFINITY;
  const sweep = () => {
    if (clock.now() - sweptAt < keptForMs) return;
    sweptAt = clock.now();
    database.run('delete from budgets where keep_until < ?', sweptAt);
  };
  sweep();
  const rows = database.all<{ name: string; kept: string }>('select name, kept from budgets');
  let failed = false;
  return createBudget({
    clock,
    kept: rows.map(({ name, kept }) => [name, JSON.parse(kept) as Kept] as const),
    keep(changes, until) {
      try {
        database.transaction(() => {
          sweep();
          for (const [name, kept] of changes)
            database.run(
              'insert or replace into budgets values (?, ?, ?)',
              name,
              JSON.stringify(kept),
              until,
            );
        });
        failed = false;
      } catch (error) {
        // A full disk keeps nobody from being answered: this process knows it all the same.
        if (!failed) log.warn({ err: error }, 'the budget cannot be written down');
        failed = true;
      }
    },
  });
}

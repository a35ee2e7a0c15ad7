import type { Redis } from 'ioredis';
import { namesOf } from '../core/budget.ts';
import type { Budget, Place } from '../core/ports/budget.ts';
import type { Log } from '../core/ports/world.ts';
import { budgetScript } from './budget-script.ts';
import { isOutage, logTrouble } from './trouble.ts';

interface BudgetOptions {
  readonly redis: Redis;
  readonly prefix: string;
  readonly log: Log;
  readonly now?: () => number;
}

/** One budget for all processes. `now` is for tests; else it is Redis' own time, which is the same for all of them. */
export function createBudget({ redis, prefix, log, now }: BudgetOptions): Budget {
  let isFailing = false;

  /** While it fails nothing is sent, so the owner must hear why; once, not at each of many tries. */
  async function act(what: keyof Budget, place: Place, asked: object): Promise<unknown> {
    const keys = namesOf(place).map((name) => `${prefix}:budget:${name}`);
    try {
      const answer = await budgetScript(redis, keys, [what, JSON.stringify(asked), ...(now ? [now()] : [])]);
      if (isFailing) log.info({}, 'the budget can be drawn from again');
      isFailing = false;
      return answer;
    } catch (error) {
      if (!isFailing) logTrouble(log, 'error', error, 'the budget cannot be drawn from: nothing is sent');
      isFailing ||= !isOutage(error);
      throw error;
    }
  }

  return {
    draw: async ({ place, ...asked }) => (await act('draw', place, asked)) as number,
    async block(place, silence) {
      await act('block', place, { ...silence, channel: place.channel });
    },
    async learn(place, limit) {
      await act('learn', place, limit);
    },
    async leave(place, answer) {
      await act('leave', place, { answer });
    },
  };
}

import type { Redis } from 'ioredis';
import { namesOf } from '../core/budget.ts';
import type { Budget, Place } from '../core/ports/budget.ts';
import { budgetScript } from './budget-script.ts';

/** One budget for all processes. `now` is for tests; else it is Redis' own time, which is the same for all of them. */
export function createBudget(redis: Redis, prefix: string, now?: () => number): Budget {
  const act = (what: keyof Budget, place: Place, asked: object) => {
    const keys = namesOf(place).map((name) => `${prefix}:budget:${name}`);
    return budgetScript(redis, keys, [what, JSON.stringify(asked), ...(now ? [now()] : [])]);
  };
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

import type { Redis } from 'ioredis';
import { suggestedForMs } from '../core/lifetimes.ts';
import type { Suggestions } from '../core/ports/store.ts';
import { plainly } from './script.ts';

export function createSuggestions(redis: Redis, prefix: string): Suggestions {
  const nameOf = (turn: string) => `${prefix}:suggestions:${turn}`;
  return {
    async keep(turn, questions) {
      await plainly(redis.set(nameOf(turn), JSON.stringify(questions), 'PX', suggestedForMs));
    },
    async find(turn) {
      const questions = await plainly(redis.get(nameOf(turn)));
      return questions === null ? [] : (JSON.parse(questions) as string[]);
    },
  };
}

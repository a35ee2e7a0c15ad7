import { readStoreConfig } from '../../config.ts';
import { type Check, failed, odd, ok } from './check.ts';
import type { Subject } from './subject.ts';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Whether anybody answers what lies in Redis. Without one, the process that hears answers too. */
export function workersChecks({ env, clock }: Subject): Check[] {
  if (!env.REDIS_URL) return [];
  return [
    {
      name: 'workers',
      needs: ['store'],
      async run() {
        const { redisUrl: url = '' } = readStoreConfig(env);
        const { figuresAt } = await import('../../redis/figures-at.ts');
        const { workers, lines, oldestAt = clock.now() } = await figuresAt({ url, log: silent });
        const minutes = Math.round((clock.now() - oldestAt) / 60_000);
        const load = `conversations with something to answer: ${lines}, the oldest for ${minutes} min`;
        if (workers > 0) return ok(`processes that answer: ${workers}${lines > 0 ? `; ${load}` : ''}`);
        if (lines > 0) return failed(`nobody answers; ${load}`, 'npm start');
        return odd('nobody answers here at present', 'npm start, unless that is as you mean it');
      },
    },
  ];
}

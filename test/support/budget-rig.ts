import { createBudget } from '../../src/core/budget.ts';
import type { Draw, Purpose } from '../../src/core/ports/budget.ts';
import type { Pace } from '../../src/core/ports/platform.ts';
import { createFakeClock } from './fake-clock.ts';

export const room = { platform: 'fake', bot: 'b1', channel: 'c1' };

export const pace: Pace = {
  refillPerSecond: 0.5,
  burst: 3,
  reserve: 1,
  minIntervalMs: 0,
  maxIntervalMs: 0,
  growth: 1,
  typingEveryMs: 1_000,
};

/** A budget in memory, and short ways to draw from it. */
export function createBudgetRig() {
  const clock = createFakeClock();
  const budget = createBudget({ clock });
  const ask = (purpose: Purpose, answer = 'a', more: Partial<Draw> = {}) =>
    budget.draw({ place: room, pace, purpose, answer, ...more });

  /** How many of ten draws are granted at this moment. */
  async function granted(purpose: Purpose, more: Partial<Draw> = {}): Promise<number> {
    let count = 0;
    for (let index = 0; index < 10; index++) if ((await ask(purpose, 'a', more)) === 0) count += 1;
    return count;
  }

  return { clock, budget, ask, granted };
}

import { freshPool, type Pool } from './budget-pool.ts';
import { block, draw, freshPools, keptForMs, learn, leave, type Pools } from './budget-rule.ts';
import type { Budget, Place } from './ports/budget.ts';
import type { Clock } from './ports/world.ts';

/** What is kept under one name: of a place its own pool and that of its drafts, of a bot its one pool. */
export type Kept = Pick<Pools, 'own' | 'drafts'> | Pick<Pools, 'bot'>;

interface BudgetOptions {
  readonly clock: Clock;
  /** What a process before this one has left. */
  readonly kept?: Iterable<readonly [string, Kept]>;
  /** Called with all that has changed, but for who waits: that does not outlive a process. */
  readonly keep?: (changes: readonly (readonly [string, Kept])[], until: number) => void;
}

/** The budget of one process, in its memory. */
export function createBudget({ clock, kept = [], keep }: BudgetOptions): Budget {
  const pools = new Map<string, { readonly kept: Kept; readonly until: number }>();
  for (const [name, found] of kept) pools.set(name, { kept: found, until: clock.now() + keptForMs });
  let sweptAt = clock.now();

  function read(names: readonly [string, string]): Pools {
    const [place, bot] = names.map((name) => pools.get(name)?.kept);
    return { ...freshPools, ...place, ...bot };
  }

  /** `isSpent`: more than who waits has changed. */
  function write(names: readonly [string, string], { own, drafts, bot }: Pools, isSpent: boolean): void {
    const now = clock.now();
    const until = Math.max(now, own.blockedUntil, bot.blockedUntil) + keptForMs;
    const [place, account] = names;
    pools.set(place, { kept: { own, drafts }, until });
    pools.set(account, { kept: { bot }, until });
    if (isSpent)
      keep?.(
        [
          [place, { own: alone(own), drafts: alone(drafts) }],
          [account, { bot: alone(bot) }],
        ],
        until,
      );
    if (now - sweptAt < keptForMs) return;
    sweptAt = now;
    for (const [name, { until: end }] of pools) if (end < now) pools.delete(name);
  }

  return {
    async draw(asked) {
      const names = namesOf(asked.place);
      const { pools: next, waitMs } = draw(read(names), asked, clock.now());
      write(names, next, waitMs === 0);
      return waitMs;
    },
    async block(place, silence) {
      const names = namesOf(place);
      write(names, block(read(names), place.channel, silence, clock.now()), true);
    },
    async learn(place, limit) {
      const names = namesOf(place);
      write(names, learn(read(names), limit, clock.now()), true);
    },
    async leave(place, answer) {
      const names = namesOf(place);
      write(names, leave(read(names), answer), false);
    },
  };
}

/** Under which names a place and its bot are kept. */
export const namesOf = ({ platform, bot, channel }: Place): readonly [string, string] => [
  JSON.stringify([platform, bot, channel]),
  JSON.stringify([platform, bot]),
];

const alone = (pool: Pool): Pool => ({ ...pool, running: freshPool.running, line: freshPool.line });

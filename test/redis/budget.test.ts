import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBudget } from '../../src/core/budget.ts';
import type { Budget, Draw, Limit, Place, Purpose, Silence } from '../../src/core/ports/budget.ts';
import type { Pace } from '../../src/core/ports/platform.ts';
import { createBudget as createRedisBudget } from '../../src/redis/budget.ts';
import { quietLog as log } from '../contracts/quiet-log.ts';
import { type Seeded, seeded } from '../text/seeded.ts';
import { type RedisServer, redisServer, startRedisServer } from './server.ts';
import { createRedisStore } from './store.ts';

const bot = { refillPerSecond: 2, burst: 3, reserve: 1 };
const times = { minIntervalMs: 0, maxIntervalMs: 0, growth: 1, typingEveryMs: 1_000 };
const draft = { refillPerSecond: 3, burst: 3, reserve: 0, minIntervalMs: 300, keepEveryMs: 20_000 };
const paces: readonly Pace[] = [
  { ...times, refillPerSecond: 0.95, burst: 4, reserve: 1, bot, draft },
  {
    ...times,
    refillPerSecond: 0.28,
    burst: 7,
    reserve: 1,
    bot,
    window: { calls: 19, ms: 60_000, burst: { calls: 4, ms: 3_000 } },
  },
  { ...times, refillPerSecond: 2, burst: 5, reserve: 1, bot, window: { calls: 5, ms: 5_300 } },
  {
    ...times,
    refillPerSecond: 0.9,
    burst: 3,
    reserve: 0,
    bot,
    lane: 'lane',
    window: { calls: 5, ms: 5_300 },
  },
];
const purposes: readonly Purpose[] = [
  'final',
  'first',
  'next',
  'preview',
  'preview',
  'preview',
  'typing',
  'draft',
];

type Act =
  | { readonly do: 'draw'; readonly draw: Draw }
  | { readonly do: 'block'; readonly place: Place; readonly silence: Silence }
  | { readonly do: 'learn'; readonly place: Place; readonly limit: Limit }
  | { readonly do: 'leave'; readonly place: Place; readonly answer: string };

function randomAct({ pick, chance, below }: Seeded): Act {
  const channel = pick(['0', '1', '2', '3']);
  const pace = paces[Number(channel)] as Pace;
  const place = { platform: 'test', bot: 'b', channel };
  const answer = `${channel}/${below(6)}`;
  if (chance(0.85)) return { do: 'draw', draw: { place, pace, purpose: pick(purposes), answer } };
  if (chance(0.3)) {
    const foreseen = chance(0.3) || undefined;
    const scope = pick(['channel', 'channel', 'bot', undefined] as const);
    return { do: 'block', place, silence: { retryAfterMs: below(20_000), scope, foreseen } };
  }
  if (chance(0.7)) {
    const calls = pick([5, 5, 5, 3, 10]);
    return {
      do: 'learn',
      place,
      limit: { calls, remaining: pick([calls - 1, below(calls)]), resetAfterMs: pick([5_000, below(6_000)]) },
    };
  }
  return { do: 'leave', place, answer };
}

async function perform(budget: Budget, act: Act): Promise<number> {
  if (act.do === 'draw') return budget.draw(act.draw);
  if (act.do === 'block') await budget.block(act.place, act.silence);
  else if (act.do === 'learn') await budget.learn(act.place, act.limit);
  else await budget.leave(act.place, act.answer);
  return 0;
}

describe.skipIf(!redisServer.available)('the budget on a real Redis', () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedisServer();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis?.disconnect();
    await server?.remove();
  });

  test('says word for word what the rule says, whatever is done', { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = seeded(seed);
      let now = 1_700_000_000_000;
      const clock = { now: () => now, sleep: async () => {} };
      const [ours, theirs] = [
        createBudget({ clock }),
        createRedisBudget({ redis, prefix: randomUUID(), log, now: () => now }),
      ];
      for (let step = 0; step < 250; step++) {
        const act = randomAct(random);
        now += random.pick([0, 0, 1, 50, 200, 200, 700, 1_000, 3_000, random.below(70_000)]);
        const said = { seed, step, act, says: await perform(theirs, act) };
        expect(said).toEqual({ seed, step, act, says: await perform(ours, act) });
      }
    }
  });

  test('two homes share one', async () => {
    const store = createRedisStore(server.url);
    const homes = [await store.open(), await store.open()];
    const draw: Draw = {
      place: { platform: 'test', bot: 'b', channel: 'c' },
      pace: { ...times, refillPerSecond: 0.001, burst: 5, reserve: 1 },
      purpose: 'final',
      answer: 'a',
    };
    const waits = await Promise.all(
      Array.from({ length: 10 }, (_, index) => homes[index % 2]?.budget.draw(draw)),
    );
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
    await homes[0]?.budget.block(draw.place, { retryAfterMs: 50_000, scope: 'bot' });
    expect(await homes[1]?.budget.draw(draw)).toBeGreaterThan(50_000);
    await Promise.all(homes.map((home) => home.close()));
  });

  test('says once why it fails, and that it does not any more', async () => {
    const events: string[] = [];
    const note = (_: object, event: string) => void events.push(event);
    const budget = createRedisBudget({
      redis,
      prefix: randomUUID(),
      log: { ...log, error: note, info: note },
    });
    const place = { platform: 'test', bot: 'b', channel: 'c' };
    const draw = () => budget.draw({ place, pace: paces[0] as Pace, purpose: 'first', answer: 'a' });
    await redis.config('SET', 'maxmemory', '1');
    for (let tries = 0; tries < 3; tries++) await expect(draw()).rejects.toThrow(/OOM/i);
    await redis.config('SET', 'maxmemory', '0');
    await draw();
    expect(events).toEqual([
      'the budget cannot be drawn from: nothing is sent',
      'the budget can be drawn from again',
    ]);
  });

  test('keeps nothing for ever', async () => {
    const prefix = randomUUID();
    const budget = createRedisBudget({ redis, prefix, log });
    const place = { platform: 'test', bot: 'b', channel: 'c' };
    await budget.draw({ place, pace: paces[0] as Pace, purpose: 'first', answer: 'a' });
    await budget.block(place, { retryAfterMs: 3_600_000, scope: 'channel' });
    const keys = await redis.keys(`${prefix}:*`);
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(3_600_000);
  });
});

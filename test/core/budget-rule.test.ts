import { beforeEach, describe, expect, test } from 'vitest';
import { createBudgetRig, pace, room } from '../support/budget-rig.ts';

let { clock, budget, ask, granted } = createBudgetRig();

beforeEach(() => {
  ({ clock, budget, ask, granted } = createBudgetRig());
});

describe('the budget of a place', () => {
  test('grants a burst and then as much as flows in', async () => {
    expect(await granted('final')).toBe(3);
    await clock.advance(4_000);
    expect(await granted('final')).toBe(2);
  });

  test('says when to ask again, and keeps to it', async () => {
    await granted('final');
    expect(await ask('final')).toBe(2_000);
    await clock.advance(1_999);
    expect(await ask('final')).toBe(1);
    await clock.advance(1);
    expect(await ask('final')).toBe(0);
  });

  test('keeps a reserve, which finals, first paints and further messages may use', async () => {
    for (const purpose of ['final', 'first', 'next'] as const) {
      ({ clock, budget, ask, granted } = createBudgetRig());
      expect(await granted('preview')).toBe(2);
      expect(await granted(purpose)).toBe(1);
    }
  });

  test('shows that somebody types only when there is plenty', async () => {
    expect(await granted('typing')).toBe(1);
    await clock.advance(2_000);
    expect(await granted('typing')).toBe(1);
    expect(await granted('preview')).toBe(1);
  });

  test('is its own: other channels and other bots are not slowed, threads are', async () => {
    await granted('final');
    expect(await ask('final', 'a', { place: { ...room, channel: 'c2' } })).toBe(0);
    expect(await ask('final', 'a', { place: { ...room, bot: 'b2' } })).toBe(0);
  });

  test('has another bucket for drafts', async () => {
    const draft = { refillPerSecond: 3, burst: 2, reserve: 0, minIntervalMs: 300, keepEveryMs: 20_000 };
    const drafts = { pace: { ...pace, draft } };
    expect(await granted('draft', drafts)).toBe(2);
    expect(await granted('final', drafts)).toBe(3);
    await budget.block(room, { retryAfterMs: 5_000, scope: 'channel' });
    expect(await ask('draft', 'a', drafts)).toBe(5_250);
  });
});

describe('a silence', () => {
  const silence = { retryAfterMs: 10_000, scope: 'channel' } as const;

  test('is kept for all, and a little longer; after it there is one call', async () => {
    await budget.block(room, silence);
    await clock.advance(10_249);
    expect(await ask('final')).toBe(1);
    await clock.advance(1);
    expect(await granted('final')).toBe(1);
  });

  test('is not ended by a shorter one', async () => {
    await budget.block(room, silence);
    await budget.block(room, { ...silence, retryAfterMs: 1_000 });
    await clock.advance(5_000);
    expect(await ask('final')).toBe(5_250);
  });

  test('halves what flows in, each one anew, and a minute without one doubles it', async () => {
    const waitAfter = async (ms: number) => {
      await clock.advance(ms);
      await granted('final');
      return ask('final');
    };
    await budget.block(room, silence);
    expect(await waitAfter(10_250)).toBe(4_000);
    await budget.block(room, silence);
    expect(await waitAfter(10_250)).toBe(8_000);
    for (let times = 0; times < 5; times++) {
      await budget.block(room, silence);
      await clock.advance(10_250);
    }
    expect(await waitAfter(0)).toBe(16_000);
    expect(await waitAfter(60_000)).toBe(8_000);
    expect(await waitAfter(60_000)).toBe(4_000);
    expect(await waitAfter(60_000)).toBe(2_000);
  });

  test('that is told of several calls under way, or that was foreseen, slows no more', async () => {
    for (let times = 0; times < 3; times++) await budget.block(room, silence);
    await clock.advance(10_250);
    await granted('final');
    expect(await ask('final')).toBe(4_000);
    const other = { place: { ...room, channel: 'c2' } };
    await budget.block(other.place, { ...silence, foreseen: true });
    await clock.advance(10_250);
    await granted('final', other);
    expect(await ask('final', 'a', other)).toBe(2_000);
  });

  test('in three channels at a time is one of the bot, as long as all of them have it; in two it is not', async () => {
    const shared = { ...pace, bot: { refillPerSecond: 10, burst: 10, reserve: 0 } };
    const draw = (channel: string) => ask('final', 'a', { pace: shared, place: { ...room, channel } });
    await budget.block({ ...room, channel: 'c1' }, { retryAfterMs: 30_000, scope: undefined });
    await budget.block({ ...room, channel: 'c2' }, { retryAfterMs: 40_000, scope: undefined });
    expect(await draw('c4')).toBe(0);
    await budget.block({ ...room, channel: 'c3' }, { retryAfterMs: 3_600_000, scope: undefined });
    expect(await draw('c4')).toBe(30_250);
  });

  test('is where the platform says it is', async () => {
    const shared = { ...pace, bot: { refillPerSecond: 10, burst: 10, reserve: 0 } };
    const draw = (channel: string) => ask('final', 'a', { pace: shared, place: { ...room, channel } });
    for (const channel of ['c1', 'c2']) await budget.block({ ...room, channel }, silence);
    expect(await draw('c3')).toBe(0);
    await budget.block(room, { retryAfterMs: 50_000, scope: 'bot' });
    expect(await draw('c3')).toBe(50_250);
  });
});

describe('a window', () => {
  const windowed = {
    pace: { ...pace, refillPerSecond: 100, burst: 100, reserve: 0, window: { calls: 5, ms: 5_000 } },
  };

  test('holds so many calls, whenever they are made', async () => {
    expect(await granted('final', windowed)).toBe(5);
    expect(await ask('final', 'a', windowed)).toBe(5_000);
    await clock.advance(5_000);
    expect(await granted('final', windowed)).toBe(5);
  });

  test('gives those who wait the calls that come back, one by one', async () => {
    for (let call = 0; call < 5; call++) {
      await ask('final', 'a', windowed);
      await clock.advance(100);
    }
    expect(await ask('final', 'b', windowed)).toBe(4_500);
    expect(await ask('final', 'c', windowed)).toBe(4_600);
  });

  test('is what the platform says it is', async () => {
    await ask('final', 'a', windowed);
    await budget.learn(room, { calls: 3, remaining: 2, resetAfterMs: 5_000 });
    expect(await granted('final', windowed)).toBe(2);
    await clock.advance(5_000);
    expect(await granted('final', windowed)).toBe(3);
    await clock.advance(5_000);
    await ask('final', 'a', windowed);
    await budget.learn(room, { calls: 8, remaining: 7, resetAfterMs: 5_000 });
    expect(await granted('final', windowed)).toBe(7);
  });

  test('never grows by a reply that comes late', async () => {
    for (let call = 0; call < 3; call++) await ask('final', 'a', windowed);
    await budget.learn(room, { calls: 5, remaining: 2, resetAfterMs: 4_900 });
    await budget.learn(room, { calls: 5, remaining: 4, resetAfterMs: 4_950 });
    expect(await granted('final', windowed)).toBe(2);
  });

  test('is closed when somebody else writes with our token', async () => {
    await ask('final', 'a', windowed);
    await budget.learn(room, { calls: 5, remaining: 0, resetAfterMs: 4_000 });
    expect(await ask('final', 'a', windowed)).toBe(4_000);
    await clock.advance(4_000);
    expect(await ask('final', 'a', windowed)).toBe(0);
  });
});

test('what is over is forgotten, and what still counts is not', async () => {
  await budget.block(room, { retryAfterMs: 10_000_000, scope: 'channel' });
  for (let hour = 0; hour < 2; hour++) {
    await clock.advance(3_600_000);
    await ask('final', 'a', { place: { ...room, channel: `other ${hour}` } });
  }
  expect(await ask('final')).toBeGreaterThan(0);
});

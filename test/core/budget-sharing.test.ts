import { beforeEach, describe, expect, test } from 'vitest';
import type { Draw, Purpose } from '../../src/core/ports/budget.ts';
import { createBudgetRig, pace, room } from '../support/budget-rig.ts';

let { clock, budget, ask, granted } = createBudgetRig();

beforeEach(() => {
  ({ clock, budget, ask, granted } = createBudgetRig());
});

describe('several answers in one place', () => {
  test('take turns: who was refused is next, however early another asks', async () => {
    expect([await ask('preview', 'a'), await ask('preview', 'a')]).toEqual([0, 0]);
    expect(await ask('preview', 'b')).toBeGreaterThan(0);
    await clock.advance(1_500);
    expect(await ask('preview', 'c')).toBeGreaterThan(0);
    await clock.advance(500);
    expect(await ask('preview', 'c')).toBeGreaterThan(0);
    expect(await ask('preview', 'b')).toBe(0);
  });

  test('lose their turn when they do not come back', async () => {
    await ask('preview', 'a');
    await ask('preview', 'a');
    expect(await ask('preview', 'b')).toBe(1_000);
    await clock.advance(2_001);
    expect(await ask('preview', 'c')).toBe(0);
  });

  test('a final goes before a first paint, that before a preview, and of two finals the one that came first', async () => {
    await granted('final');
    await budget.leave(room, 'a');
    expect(await ask('preview', 'p')).toBeGreaterThan(0);
    expect(await ask('first', 'q')).toBe(2_000);
    expect(await ask('final', 'r')).toBe(2_000);
    expect(await ask('final', 's')).toBe(4_000);
    expect(await ask('first', 'q')).toBe(6_000);
    await clock.advance(2_000);
    expect(await ask('first', 'q')).toBeGreaterThan(0);
    expect(await ask('final', 's')).toBeGreaterThan(0);
    expect(await ask('final', 'r')).toBe(0);
  });

  test('leave enough for the finals of all, unless it flows back soon', async () => {
    const slow = { pace: { ...pace, refillPerSecond: 0.1, burst: 6 } };
    for (const answer of ['a', 'b', 'c']) expect(await ask('first', answer, slow)).toBe(0);
    expect(await ask('preview', 'a', slow)).toBeGreaterThan(0);
    for (const answer of ['a', 'b', 'c']) expect(await ask('final', answer, slow)).toBe(0);
    const quick = { pace: { ...slow.pace, refillPerSecond: 1 }, place: { ...room, channel: 'c2' } };
    for (const answer of ['a', 'b', 'c']) expect(await ask('first', answer, quick)).toBe(0);
    expect(await ask('preview', 'a', quick)).toBe(0);
  });

  test('an answer that was not heard of for a minute is owed nothing', async () => {
    const slow = { pace: { ...pace, refillPerSecond: 0.01, burst: 6 } };
    for (const answer of ['a', 'b', 'c']) await ask('first', answer, slow);
    await clock.advance(61_000);
    expect(await ask('preview', 'd', slow)).toBe(0);
  });
});

describe('what all channels of a bot share', () => {
  const shared = { pace: { ...pace, bot: { refillPerSecond: 4, burst: 1, reserve: 0 } } };
  const draw = (channel: string, purpose: Purpose = 'preview', more: Partial<Draw> = {}) =>
    ask(purpose, `answer in ${channel}`, { ...shared, place: { ...room, channel }, ...more });
  const drawAll = async (...channels: string[]) => {
    const waits = [];
    for (const channel of channels) waits.push(await draw(channel));
    return waits;
  };

  test('goes to previews in the order in which they asked, however early another asks again', async () => {
    expect(await drawAll('c1', 'c2', 'c3')).toEqual([0, 250, 500]);
    await clock.advance(250);
    expect(await drawAll('c4', 'c3', 'c2')).toEqual([500, 250, 0]);
    await clock.advance(250);
    expect(await drawAll('c4', 'c3')).toEqual([250, 0]);
  });

  test('goes to a final before all previews', async () => {
    expect(await drawAll('c1', 'c2')).toEqual([0, 250]);
    expect(await draw('c3', 'final')).toBe(250);
    await clock.advance(250);
    expect(await draw('c2')).toBeGreaterThan(0);
    expect(await draw('c3', 'final')).toBe(0);
  });

  test('costs the channel nothing when it is refused', async () => {
    await draw('c1');
    expect(await draw('c2', 'final')).toBe(250);
    await clock.advance(250);
    expect(await draw('c2', 'final')).toBe(0);
    await clock.advance(250);
    expect(await draw('c2', 'final')).toBe(0);
    await clock.advance(250);
    expect(await draw('c2', 'final')).toBe(0);
  });

  test('is asked for half-way when it is far away, as others may leave', async () => {
    const waits = await drawAll(...Array.from({ length: 9 }, (_, index) => `c${index}`));
    expect(waits).toEqual([0, 250, 500, 750, 1_000, 625, 750, 875, 1_000]);
  });

  test('does not count a lane, and a lane is not silenced with the bot', async () => {
    await draw('c1');
    const lane = { pace: { ...shared.pace, lane: 'lane' } };
    expect(await draw('lane', 'final', lane)).toBe(0);
    await budget.block({ ...room, channel: 'c1' }, { retryAfterMs: 10_000, scope: 'bot' });
    expect(await draw('lane', 'final', lane)).toBe(0);
  });
});

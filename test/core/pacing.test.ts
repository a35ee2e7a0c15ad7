import { beforeEach, describe, expect, test } from 'vitest';
import { RateLimited } from '../../src/core/errors.ts';
import { createPaces, type Paces } from '../../src/core/pacing.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { target } from '../support/fake-platform.ts';

const pace = {
  refillPerSecond: 0.5,
  burst: 3,
  reserve: 1,
  minIntervalMs: 0,
  maxIntervalMs: 0,
  growth: 1,
  typingEveryMs: 1_000,
};

let clock: FakeClock;
let paces: Paces;

beforeEach(async () => {
  clock = createFakeClock();
  paces = createPaces(clock);
  await clock.advance(60_000);
});

/** How many of `count` requests are granted at this moment. */
function granted(purpose: 'final' | 'preview', count = 10): number {
  return Array.from({ length: count }, () => paces.request(target, pace, purpose)).filter(
    (wait) => wait === 0,
  ).length;
}

describe('the pace of a channel', () => {
  test('grants a burst and then as much as flows in', async () => {
    expect(granted('final')).toBe(3);
    await clock.advance(4_000);
    expect(granted('final')).toBe(2);
  });

  test('says when to ask again, and keeps to it', async () => {
    granted('final');
    const waitMs = paces.request(target, pace, 'final');
    await clock.advance(waitMs - 1);
    expect(paces.request(target, pace, 'final')).toBe(1);
    await clock.advance(1);
    expect(paces.request(target, pace, 'final')).toBe(0);
  });

  test('keeps a reserve for finals', () => {
    expect(granted('preview')).toBe(2);
    expect(granted('final')).toBe(1);
  });

  test('grants nothing at all while the platform asks for silence, nor a burst after it', async () => {
    paces.block(target, new RateLimited(10_000));
    await clock.advance(9_999);
    expect(granted('final')).toBe(0);
    expect(paces.request(target, pace, 'final')).toBe(1);
    await clock.advance(2_001);
    expect(granted('final')).toBe(1);
  });

  test('a shorter silence does not end a longer one', async () => {
    paces.block(target, new RateLimited(10_000));
    paces.block(target, new RateLimited(1_000));
    await clock.advance(5_000);
    expect(granted('final')).toBe(0);
  });

  test('is its own: other channels and other bots are not slowed', () => {
    granted('final');
    expect(paces.request({ ...target, channel: 'c2' }, pace, 'final')).toBe(0);
    expect(paces.request({ ...target, bot: 'b2' }, pace, 'final')).toBe(0);
    expect(paces.request({ ...target, thread: 't1' }, pace, 'final')).toBeGreaterThan(0);
  });

  test('is not forgotten for many other channels while it still counts', async () => {
    paces.block(target, new RateLimited(1_000_000));
    for (let index = 0; index < 3_000; index++)
      paces.request({ ...target, channel: `other${index}` }, pace, 'final');
    await clock.advance(300_000);
    for (let index = 0; index < 3_000; index++)
      paces.request({ ...target, channel: `more${index}` }, pace, 'final');
    expect(paces.request(target, pace, 'final')).toBeGreaterThan(0);
  });

  test('begins low in a process that does not know what the one before it has sent', async () => {
    paces = createPaces(clock);
    const roomy = { ...pace, burst: 10 };
    const waits = Array.from({ length: 10 }, () => paces.request(target, roomy, 'final'));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
  });

  test('two channels silenced at a time silence the bot; one alone does not', async () => {
    const shared = { ...pace, bot: { refillPerSecond: 10, burst: 10, reserve: 0 } };
    const ask = (channel: string) => paces.request({ ...target, channel }, shared, 'final');
    ask('c9');
    paces.block({ ...target, channel: 'c1' }, new RateLimited(30_000));
    expect(ask('c3')).toBe(0);
    paces.block({ ...target, channel: 'c2' }, new RateLimited(40_000));
    expect(ask('c3')).toBe(40_000);
  });

  test('where the platform says who is meant, that counts', async () => {
    const shared = { ...pace, bot: { refillPerSecond: 10, burst: 10, reserve: 0 } };
    const ask = (channel: string) => paces.request({ ...target, channel }, shared, 'final');
    paces.block({ ...target, channel: 'c1' }, new RateLimited(30_000, 'channel'));
    paces.block({ ...target, channel: 'c2' }, new RateLimited(40_000, 'channel'));
    expect(ask('c3')).toBe(0);
    paces.block({ ...target, channel: 'c1' }, new RateLimited(50_000, 'bot'));
    expect(ask('c3')).toBe(50_000);
  });

  test('is held within what all channels of the bot share', async () => {
    const shared = { ...pace, bot: { refillPerSecond: 1, burst: 2, reserve: 0 } };
    const ask = (channel: string, bot = 'b1') => paces.request({ ...target, channel, bot }, shared, 'final');
    expect([ask('c1'), ask('c2'), ask('c3')]).toEqual([0, 0, 1_000]);
    expect(ask('c3', 'b2')).toBe(0);
    await clock.advance(1_000);
    expect(ask('c3')).toBe(0);
    // What was refused drew nothing from the channel's own.
    await clock.advance(10_000);
    expect([ask('c3'), ask('c3')]).toEqual([0, 0]);
  });
});

describe('what all channels of a bot share', () => {
  const shared = { ...pace, bot: { refillPerSecond: 4, burst: 1, reserve: 0 } };
  const ask = (channel: string, purpose: 'final' | 'preview' = 'preview') =>
    paces.request({ ...target, channel }, shared, purpose);

  test('goes to previews in the order in which they asked, however early another asks again', async () => {
    expect([ask('c1'), ask('c2'), ask('c3')]).toEqual([0, 250, 500]);
    await clock.advance(250);
    expect([ask('c4'), ask('c3'), ask('c2')]).toEqual([500, 250, 0]);
    await clock.advance(250);
    expect([ask('c4'), ask('c3')]).toEqual([250, 0]);
    await clock.advance(250);
    expect(ask('c4')).toBe(0);
  });

  test('goes to a final before all previews', async () => {
    expect([ask('c1'), ask('c2'), ask('c3', 'final')]).toEqual([0, 250, 250]);
    await clock.advance(250);
    expect([ask('c3', 'final'), ask('c2')]).toEqual([0, 250]);
  });

  test('is not kept for a preview that never asks again', async () => {
    expect([ask('c1'), ask('c2'), ask('c3')]).toEqual([0, 250, 500]);
    await clock.advance(1_250);
    expect(ask('c3')).toBeGreaterThan(0);
    await clock.advance(250);
    expect(ask('c3')).toBe(0);
  });

  test('is asked for half-way when it is far away, as others may leave', async () => {
    const waits = Array.from({ length: 9 }, (_, index) => ask(`c${index}`));
    expect(waits).toEqual([0, 250, 500, 750, 1_000, 625, 750, 875, 1_000]);
    await clock.advance(1_000);
    // One is served, and its place is free; the others are not yet late.
    expect([ask('c1'), ask('c8')]).toEqual([0, 875]);
  });
});

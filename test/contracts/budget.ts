import { describe, expect, test } from 'vitest';
import type { Purpose } from '../../src/core/ports/budget.ts';
import type { Pace } from '../../src/core/ports/platform.ts';
import { usePlace } from './place.ts';
import type { CreateStore } from './store.ts';

/** So slow that nothing flows back while a test runs. */
const pace: Pace = {
  refillPerSecond: 0.001,
  burst: 4,
  reserve: 1,
  minIntervalMs: 0,
  maxIntervalMs: 0,
  growth: 1,
  typingEveryMs: 1_000,
};

const room = { platform: 'test', bot: 'bot', channel: 'room' };

const ask = (
  purpose: Purpose = 'final',
  more: { place?: typeof room; pace?: Pace; answer?: string } = {},
) => ({
  place: room,
  pace,
  purpose,
  answer: 'a',
  ...more,
});

/** What every home's budget promises. How much is granted when is the rule's: test/core/budget-rule.test.ts. */
export function budgetContract(name: string, createStore: CreateStore): void {
  describe(`the budget on ${name}`, () => {
    const open = async () => (await usePlace(createStore)).open();

    test('is one for all who draw, and tells who gets nothing when to ask again', async () => {
      const { budget } = await open();
      const waits = await Promise.all(Array.from({ length: 6 }, () => budget.draw(ask())));
      expect(waits.filter((wait) => wait === 0)).toHaveLength(4);
      expect(Math.max(...waits)).toBeGreaterThan(900_000);
    });

    test('keeps something for finals', async () => {
      const { budget } = await open();
      const waits = [];
      for (let index = 0; index < 4; index++) waits.push(await budget.draw(ask('preview')));
      expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
      expect(waits[3]).toBeGreaterThan(0);
      expect(await budget.draw(ask('final'))).toBe(0);
    });

    test('is another one in another channel, and for another bot', async () => {
      const { budget } = await open();
      await budget.block(room, { retryAfterMs: 10_000, scope: 'channel' });
      expect(await budget.draw(ask())).toBeGreaterThan(9_000);
      expect(await budget.draw(ask('final', { place: { ...room, channel: 'other' } }))).toBe(0);
      expect(await budget.draw(ask('final', { place: { ...room, bot: 'other' } }))).toBe(0);
    });

    test('three channels silenced at a time silence the bot, and two do not', async () => {
      const { budget } = await open();
      const shared = { ...pace, bot: { refillPerSecond: 10, burst: 10, reserve: 0 } };
      const draw = (channel: string) =>
        budget.draw(ask('final', { pace: shared, place: { ...room, channel } }));
      const silence = (channel: string) =>
        budget.block({ ...room, channel }, { retryAfterMs: 20_000, scope: undefined });
      for (const channel of ['one', 'two', 'two', 'one']) await silence(channel);
      expect(await draw('four')).toBe(0);
      await budget.block({ ...room, channel: 'three' }, { retryAfterMs: 3_600_000, scope: undefined });
      const waitMs = await draw('four');
      expect(waitMs).toBeGreaterThan(19_000);
      // What they have in common is over with the first of them.
      expect(waitMs).toBeLessThan(22_000);
    });

    test('goes by what the platform tells of its limit', async () => {
      const { budget } = await open();
      const windowed = { ...pace, window: { calls: 5, ms: 60_000 } };
      expect(await budget.draw(ask('final', { pace: windowed }))).toBe(0);
      await budget.learn(room, { calls: 5, remaining: 1, resetAfterMs: 50_000 });
      expect(await budget.draw(ask('final', { pace: windowed }))).toBe(0);
      expect(await budget.draw(ask('final', { pace: windowed }))).toBeGreaterThan(40_000);
    });

    test('nor more at a stretch than the platform bears, whatever room there is', async () => {
      const { budget } = await (await usePlace(createStore)).open();
      const window = { calls: 19, ms: 60_000, burst: { calls: 2, ms: 5_000 } };
      const windowed = { ...pace, window };
      for (let calls = 0; calls < 2; calls++)
        expect(await budget.draw(ask('final', { pace: windowed }))).toBe(0);
      const waitMs = await budget.draw(ask('final', { pace: windowed }));
      expect(waitMs).toBeGreaterThan(3_000);
      expect(waitMs).toBeLessThanOrEqual(5_000);
    });

    test('an answer that has left holds nothing back any more', async () => {
      const { budget } = await open();
      for (const answer of ['a', 'b', 'c']) await budget.draw(ask('first', { answer }));
      expect(await budget.draw(ask('preview', { answer: 'a' }))).toBeGreaterThan(0);
      await budget.leave(room, 'b');
      await budget.leave(room, 'c');
      expect(await budget.draw(ask('final', { answer: 'a' }))).toBe(0);
    });

    test('what was sent and how long to be silent is known after a restart', async () => {
      const place = await usePlace(createStore);
      const before = await place.open();
      for (let index = 0; index < 4; index++) await before.budget.draw(ask());
      const silent = { ...room, channel: 'silent' };
      await before.budget.block(silent, { retryAfterMs: 100_000, scope: 'channel' });
      await before.close();
      const { budget } = await place.open();
      expect(await budget.draw(ask())).toBeGreaterThan(900_000);
      expect(await budget.draw(ask('final', { place: silent }))).toBeGreaterThan(90_000);
    });

    test('the same after a kill', { timeout: 60_000 }, async () => {
      const place = await usePlace(createStore);
      const child = place.child();
      await child.report(({ type }) => type === 'ready');
      const silent = { ...room, channel: 'silent' };
      child.order({ do: 'draw', draws: [ask(), ask(), ask(), ask()], silent, silentMs: 100_000 });
      await child.report(({ type }) => type === 'drawn');
      await child.kill();
      const { budget } = await place.open();
      expect(await budget.draw(ask())).toBeGreaterThan(900_000);
      expect(await budget.draw(ask('final', { place: silent }))).toBeGreaterThan(90_000);
    });
  });
}

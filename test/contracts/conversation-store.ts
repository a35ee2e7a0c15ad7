import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { usePlace } from './place.ts';
import type { CreateStore } from './store.ts';

/** What every home's conversation store promises. */
export function conversationStoreContract(name: string, createStore: CreateStore): void {
  describe(`the conversation store on ${name}`, () => {
    test('a key that was never seen has generation 0 and nothing else', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      expect(await conversations.find('new')).toEqual({ generation: 0 });
    });

    test('an id is kept, digit by digit, for its key alone', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      expect(await conversations.save('k', 0, '7384659201837465011')).toBe(true);
      expect(await conversations.find('k')).toEqual({ generation: 0, conversationId: '7384659201837465011' });
      expect(await conversations.find('K')).toEqual({ generation: 0 });
    });

    test('an id takes the place of the one that it replaces, and of no other', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      await conversations.save('k', 0, 'first');
      expect(await conversations.save('k', 0, 'late')).toBe(false);
      expect(await conversations.save('k', 0, 'new', 'first')).toBe(true);
      expect(await conversations.save('k', 0, 'late', 'first')).toBe(false);
      expect(await conversations.find('k')).toEqual({ generation: 0, conversationId: 'new' });
    });

    test('a reset raises the generation, discards the id and tells so', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      await conversations.save('k', 0, 'old');
      expect(await conversations.reset('k', 'r1')).toEqual({ generation: 1, discarded: 'old' });
      expect(await conversations.find('k')).toEqual({ generation: 1, discarded: 'old' });
    });

    test('a reset before the first conversation raises the generation too', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      expect(await conversations.reset('k', 'r1')).toEqual({ generation: 1 });
      expect(await conversations.save('k', 0, 'late')).toBe(false);
      expect(await conversations.find('k')).toEqual({ generation: 1 });
    });

    test('a save of an older generation is refused and keeps nothing', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      await conversations.save('k', 0, 'old');
      await conversations.reset('k', 'r1');
      expect(await conversations.save('k', 0, 'late')).toBe(false);
      expect(await conversations.save('k', 1, 'new')).toBe(true);
      expect(await conversations.save('k', 0, 'later')).toBe(false);
      expect(await conversations.find('k')).toEqual({
        generation: 1,
        conversationId: 'new',
        discarded: 'old',
      });
    });

    test('the same reset asked again changes nothing, also after another one and after new saves', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      await conversations.save('k', 0, 'first');
      await Promise.all([1, 2, 3].map(() => conversations.reset('k', 'r1')));
      await conversations.save('k', 1, 'second');
      expect(await conversations.reset('k', 'r1')).toEqual({
        generation: 1,
        conversationId: 'second',
        discarded: 'first',
      });
      expect(await conversations.reset('k', 'r2')).toMatchObject({ generation: 2 });
      expect(await conversations.reset('k', 'r1')).toMatchObject({ generation: 2 });
      expect(await conversations.reset('other', 'r1')).toEqual({ generation: 1 });
    });

    test('of two discarded conversations the newer is kept, and a reset of nothing discards nothing', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      await conversations.save('k', 0, 'first');
      await conversations.reset('k', 'r1');
      expect(await conversations.reset('k', 'r2')).toEqual({ generation: 2, discarded: 'first' });
      await conversations.save('k', 2, 'second');
      expect(await conversations.reset('k', 'r3')).toEqual({ generation: 3, discarded: 'second' });
    });

    test('a discarded conversation is forgotten once cleared, but not one that was discarded since', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      await conversations.save('k', 0, 'first');
      await conversations.reset('k', 'r1');
      await conversations.save('k', 1, 'second');
      await conversations.forgetDiscarded('k', 'another');
      expect(await conversations.find('k')).toMatchObject({ discarded: 'first' });
      await conversations.forgetDiscarded('k', 'first');
      expect(await conversations.find('k')).toEqual({ generation: 1, conversationId: 'second' });
      await conversations.reset('k', 'r2');
      await conversations.forgetDiscarded('k', 'first');
      expect(await conversations.find('k')).toEqual({ generation: 2, discarded: 'second' });
    });

    test('an id is held by the key that it was first kept for, until it has been cleared', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      await conversations.save('k', 1, 'id');
      await conversations.save('k', 0, 'id');
      await conversations.save('other', 0, 'id');
      expect(await conversations.claim('id', 'other')).toBe('k');
      await conversations.reset('other', 'r1');
      await conversations.forgetDiscarded('other', 'id');
      expect(await conversations.claim('id', 'other')).toBe('k');
      await conversations.reset('k', 'r2');
      expect(await conversations.claim('id', 'other')).toBe('k');
      await conversations.forgetDiscarded('k', 'another');
      expect(await conversations.claim('id', 'other')).toBe('k');
      await conversations.forgetDiscarded('k', 'id');
      expect(await conversations.claim('id', 'other')).toBe('other');
    });

    test('an id that nobody holds is claimed by one of those who want it at the same moment', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      await conversations.save('k', 1, 'id'); // Of a generation that there is not: nothing is kept.
      const holders = await Promise.all(['a', 'b', 'c'].map((key) => conversations.claim('id', key)));
      expect(new Set(holders).size).toBe(1);
      await conversations.save('other', 0, 'id');
      expect(await conversations.claim('id', 'other')).toBe(holders[0]);
    });

    test('a key that is not kept for good is forgotten after its time, and so is what it held', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      await conversations.keepFor('k', 60_000);
      await conversations.save('k', 0, 'id');
      await conversations.save('for good', 0, 'another id');
      expect(await conversations.find('k')).toEqual({ generation: 0, conversationId: 'id' });
      await conversations.keepFor('k', 1);
      await sleep(20);
      await conversations.keepFor('another', 60_000);
      expect(await conversations.find('k')).toEqual({ generation: 0 });
      expect(await conversations.claim('id', 'another')).toBe('another');
      expect(await conversations.claim('another id', 'another')).toBe('for good');
    });

    test('an id that two keys of an owner use stays held while one of them does, whatever becomes of the other', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      for (const key of ['forgotten', 'cleared', 'used']) {
        await conversations.keepFor(key, 60_000);
        await conversations.save(key, 0, key === 'forgotten' ? 'a' : 'b');
      }
      await conversations.save('used', 0, 'a', 'b');
      await conversations.reset('cleared', 'r1');
      await conversations.forgetDiscarded('cleared', 'b');
      expect(await conversations.claim('b', 'stranger')).toBe('cleared');
      await conversations.keepFor('forgotten', 1);
      await sleep(20);
      await conversations.keepFor('used', 60_000);
      await conversations.keepFor('stranger', 60_000);
      expect(await conversations.claim('a', 'stranger')).not.toBe('stranger');
    });

    test('resets and saves at the same moment leave no id of an older generation', async () => {
      const { conversations } = await (await usePlace(createStore)).open();
      const rounds = Array.from({ length: 20 }, (_, round) => round);
      const kept = await Promise.all(
        rounds.map(async (round) => {
          const { generation } = await conversations.find('k');
          const [saved] = await Promise.all([
            conversations.save('k', generation, `of ${generation}`),
            conversations.reset('k', `r${round}`),
          ]);
          return saved;
        }),
      );
      expect(kept).toContain(true);
      const { generation, conversationId } = await conversations.find('k');
      expect(generation).toBe(20);
      expect(conversationId).toBeUndefined();
    });

    test('all of it is there after a restart', async () => {
      const place = await usePlace(createStore);
      const before = await place.open();
      await before.conversations.save('k', 0, 'old');
      await before.conversations.reset('k', 'r1');
      await before.conversations.save('k', 1, 'new');
      await before.close();
      const { conversations } = await place.open();
      const kept = { generation: 1, conversationId: 'new', discarded: 'old' };
      expect(await conversations.find('k')).toEqual(kept);
      expect(await conversations.reset('k', 'r1')).toEqual(kept);
    });
  });
}

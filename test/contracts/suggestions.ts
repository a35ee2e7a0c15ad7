import { describe, expect, test } from 'vitest';
import { usePlace } from './place.ts';
import type { CreateStore } from './store.ts';

/** What every home's suggestions promise. */
export function suggestionsContract(name: string, createStore: CreateStore): void {
  describe(`suggestions on ${name}`, () => {
    test('are found by their turn, in order, and by no other', async () => {
      const { suggestions } = await (await usePlace(createStore)).open();
      await suggestions.keep('t_1', ['And tomorrow?', '还有呢？ 🙂']);
      expect(await suggestions.find('t_1')).toEqual(['And tomorrow?', '还有呢？ 🙂']);
      expect(await suggestions.find('t_2')).toEqual([]);
    });

    test('kept again, the newer ones count', async () => {
      const { suggestions } = await (await usePlace(createStore)).open();
      await suggestions.keep('t_1', ['old']);
      await suggestions.keep('t_1', ['new']);
      expect(await suggestions.find('t_1')).toEqual(['new']);
    });

    test('outlive the process', async () => {
      const place = await usePlace(createStore);
      const before = await place.open();
      await before.suggestions.keep('t_1', ['And tomorrow?']);
      await before.close();
      expect(await (await place.open()).suggestions.find('t_1')).toEqual(['And tomorrow?']);
    });
  });
}

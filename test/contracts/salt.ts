import { describe, expect, test } from 'vitest';
import { usePlace } from './place.ts';
import type { CreateStore } from './store.ts';

/** What every home promises of its salt. */
export function saltContract(name: string, createStore: CreateStore): void {
  describe(`the salt on ${name}`, () => {
    test('it is made once, for everybody who asks and for good', async () => {
      const place = await usePlace(createStore);
      const before = await place.open();
      const salts = await Promise.all([before.salt(), before.salt(), before.salt()]);
      await before.close();
      const after = await place.open();
      expect(new Set([...salts, await after.salt()]).size).toBe(1);
      expect(salts[0]).toMatch(/^[0-9a-f]{64}$/);
    });

    test('no two stores share one', async () => {
      const one = await (await usePlace(createStore)).open();
      const other = await (await usePlace(createStore)).open();
      expect(await one.salt()).not.toBe(await other.salt());
    });
  });
}

import { describe, expect, test } from 'vitest';
import { usePlace } from './place.ts';
import type { CreateStore } from './store.ts';

/** What every home's notes promise. */
export function notesContract(name: string, createStore: CreateStore): void {
  describe(`notes on ${name}`, () => {
    test('are found by book and name, and outlive the process', async () => {
      const place = await usePlace(createStore);
      const before = await place.open();
      await before.notes.keep('seen', 'room 房', '17 is the last\nof 🙂');
      await before.notes.keep('seen', 'hall', '');
      await before.notes.keep('moved', 'room 房', 'elsewhere');
      await before.close();
      const { notes } = await place.open();
      expect(await notes.find('seen', 'room 房')).toBe('17 is the last\nof 🙂');
      expect(await notes.find('seen', 'hall')).toBe('');
      expect(await notes.find('moved', 'room 房')).toBe('elsewhere');
      expect(await notes.find('moved', 'hall')).toBeUndefined();
      expect(await notes.list('nothing', 0)).toEqual([]);
    });

    test('kept again, the newer one counts', async () => {
      const { notes } = await (await usePlace(createStore)).open();
      await notes.keep('book', 'name', 'old');
      await notes.keep('book', 'name', 'new');
      expect(await notes.find('book', 'name')).toBe('new');
      expect(await notes.list('book', 0)).toEqual([{ name: 'name', value: 'new' }]);
    });

    test('whoever lists a book forgets what is older than asked for', async () => {
      let now = 1_700_000_000_000;
      const { notes } = await (await usePlace(createStore)).open({ now: () => now });
      await notes.keep('book', 'again', 'a1');
      await notes.keep('book', 'old', 'o');
      await notes.keep('other', 'old', 'stays');
      now += 10;
      await notes.keep('book', 'exact', 'e');
      now += 1;
      await notes.keep('book', 'again', 'a2');
      const listed = await notes.list('book', 1_700_000_000_010);
      expect([...listed].sort((one, two) => one.name.localeCompare(two.name))).toEqual([
        { name: 'again', value: 'a2' },
        { name: 'exact', value: 'e' },
      ]);
      expect(await notes.find('book', 'old')).toBeUndefined();
      expect(await notes.find('other', 'old')).toBe('stays');
    });
  });
}

import { describe, expect, test } from 'vitest';
import { usePlace } from './place.ts';
import type { CreateStore } from './store.ts';

/** What every home's sessions promise. */
export function sessionsContract(name: string, createStore: CreateStore): void {
  describe(`sessions on ${name}`, () => {
    test('count what is asked in them, and outlive the process', async () => {
      const place = await usePlace(createStore);
      const before = await place.open();
      const session = { id: 's 1', owner: 'o', user: 'ada' };
      const startedAt = Date.now();
      expect(await before.sessions.ask(session)).toMatchObject({ ...session, messages: 1 });
      await before.sessions.ask({ ...session, user: 'bob' });
      await before.sessions.ask({ ...session, id: 's 2' });
      await before.close();
      const { sessions } = await place.open();
      const found = await sessions.find('s 1');
      expect(found).toEqual({ ...session, user: 'bob', messages: 2, at: expect.any(Number) });
      expect(found?.at).toBeGreaterThanOrEqual(startedAt - 1_000);
      expect(await sessions.find('s 3')).toBeUndefined();
    });

    test("another one's is left as it is", async () => {
      const { sessions } = await (await usePlace(createStore)).open();
      await sessions.ask({ id: 's', owner: 'o', user: 'ada' });
      expect(await sessions.ask({ id: 's', owner: 'another', user: 'eve' })).toBeUndefined();
      expect(await sessions.find('s')).toMatchObject({ owner: 'o', user: 'ada', messages: 1 });
    });
  });
}

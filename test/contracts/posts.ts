import { describe, expect, test } from 'vitest';
import { usePlace } from './place.ts';
import type { CreateStore } from './store.ts';

const room = { platform: 'test', bot: 'bot', channel: 'room' };
const hourMs = 60 * 60 * 1_000;

/** What every home's posts promise. */
export function postsContract(name: string, createStore: CreateStore): void {
  describe(`posts on ${name}`, () => {
    test('are known by channel, and outlive the process', async () => {
      const place = await usePlace(createStore);
      const before = await place.open();
      await before.posts.keep(room, 'p1', '17');
      await before.posts.keep(room, 'p2', '18');
      await before.posts.keep({ ...room, bot: 'other' }, 'p3', '17');
      await before.close();
      const { posts } = await place.open();
      const known = new Map(Object.entries({ 17: 'p1', 18: 'p2' }));
      expect(await posts.find(room)).toEqual(known);
      // What else a target has is not the channel's.
      expect(await posts.find({ ...room, thread: 'a' } as typeof room)).toEqual(known);
      expect(await posts.find({ ...room, bot: 'other' })).toEqual(new Map([['17', 'p3']]));
      expect(await posts.find({ ...room, channel: 'hall' })).toEqual(new Map());
      expect(await posts.find({ ...room, platform: 'elsewhere' })).toEqual(new Map());
    });

    test('are known for an hour, each of them', async () => {
      let now = 1_700_000_000_000;
      const { posts } = await (await usePlace(createStore)).open({ now: () => now });
      await posts.keep(room, 'p1', '17');
      now += hourMs;
      await posts.keep(room, 'p2', '18');
      expect((await posts.find(room)).size).toBe(2);
      now += 1;
      expect(await posts.find(room)).toEqual(new Map([['18', 'p2']]));
      await posts.keep(room, 'p1', '17');
      expect((await posts.find(room)).get('17')).toBe('p1');
    });
  });
}

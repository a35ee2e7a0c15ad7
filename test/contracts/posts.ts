import { describe, expect, test } from 'vitest';
import { usePlace } from './place.ts';
import type { CreateStore } from './store.ts';

const room = { platform: 'test', bot: 'bot', channel: 'room' };

/** What every home's posts promise. */
export function postsContract(name: string, createStore: CreateStore): void {
  describe(`posts on ${name}`, () => {
    test('are known by id and by name, each counter for itself, and outlive the process', async () => {
      const place = await usePlace(createStore);
      const before = await place.open();
      await before.posts.keep(room, room, 'p1', '17');
      await before.posts.keep({ ...room, bot: 'other' }, room, 'p3', '18');
      await before.close();
      const { posts } = await place.open();
      expect(await posts.idOf(room, 'p1')).toBe('17');
      expect(await posts.idOf(room, 'p3')).toBeUndefined();
      const known = async (counter: typeof room, ...ids: string[]) => [
        ...(await posts.known(counter, room, ids)).keys(),
      ];
      expect(await known(room, '16', '17', '18')).toEqual(['17']);
      // What else a target has is not the channel's.
      expect(await known({ ...room, thread: 'a' } as typeof room, '17')).toEqual(['17']);
      expect(await known({ ...room, bot: 'other' }, '17', '18')).toEqual(['18']);
      expect(await known({ ...room, channel: 'hall' }, '17')).toEqual([]);
      expect(await known({ ...room, platform: 'elsewhere' }, '17')).toEqual([]);
      expect(await known(room)).toEqual([]);
    });

    test('so is what was heard; and of each id, whether it is in this channel too', async () => {
      const place = await usePlace(createStore);
      const before = await place.open();
      const counter = { ...room, channel: 'all' };
      const hall = { ...room, channel: 'hall 1' };
      await before.posts.keep(counter, room, 'p1', '7');
      await before.posts.heard(counter, hall, '8');
      await before.posts.heard(counter, hall, '7');
      await before.posts.heard(counter, hall, '100');
      await before.posts.heard(counter, hall, '100');
      await before.close();
      const { posts } = await place.open();
      const ids = ['6', '7', '8', '10', '100'];
      expect(Object.fromEntries(await posts.known(counter, room, ids))).toEqual({
        7: 'here',
        8: 'elsewhere',
        100: 'elsewhere',
      });
      expect(Object.fromEntries(await posts.known(counter, hall, ids))).toEqual({
        7: 'here',
        8: 'here',
        100: 'here',
      });
      expect(await posts.newest(counter)).toBe('100');
      // It is nobody's to keep, and no post by any name.
      expect(await posts.idOf(counter, 'p1')).toBe('7');
      expect(await posts.keep(counter, hall, 'p2', '8')).toBe(true);
    });

    test('tell the newest of a counter, as a number', async () => {
      const { posts } = await (await usePlace(createStore)).open();
      expect(await posts.newest(room)).toBeUndefined();
      for (const id of ['9', '100', '20']) await posts.keep(room, room, `p${id}`, id);
      await posts.keep({ ...room, channel: 'hall' }, room, 'p7', '700');
      expect(await posts.newest(room)).toBe('100');
    });

    test('of a post that is kept again, the last id counts', async () => {
      const { posts } = await (await usePlace(createStore)).open();
      expect(await posts.keep(room, room, 'p1', '17')).toBe(true);
      expect(await posts.keep(room, room, 'p1', '19')).toBe(true);
      expect((await posts.known(room, room, ['17', '19'])).size).toBe(2);
      expect(await posts.idOf(room, 'p1')).toBe('19');
    });

    test('an id is claimed by one, as often as that one likes, in each channel', async () => {
      const { posts } = await (await usePlace(createStore)).open();
      expect(await posts.claim(room, 'p1', '17')).toBe(true);
      expect(await posts.claim(room, 'p2', '17')).toBe(false);
      expect(await posts.claim(room, 'p1', '17')).toBe(true);
      expect(await posts.claim(room, 'p2', '18')).toBe(true);
      expect(await posts.claim({ ...room, channel: 'hall' }, 'p2', '17')).toBe(true);
      // It is not known to be a post.
      expect((await posts.known(room, room, ['17'])).size).toBe(0);
      await posts.release(room, 'p2', '17');
      expect(await posts.claim(room, 'p2', '17')).toBe(false);
      await posts.release(room, 'p1', '17');
      expect(await posts.claim(room, 'p2', '17')).toBe(true);
    });

    test('what somebody has claimed in the channel is not kept for another, and what is kept is claimed', async () => {
      const { posts } = await (await usePlace(createStore)).open();
      const counter = { ...room, channel: 'all' };
      await posts.claim(room, 'p1', '17');
      expect(await posts.keep(counter, room, 'p2', '17')).toBe(false);
      expect((await posts.known(counter, room, ['17'])).size).toBe(0);
      expect(await posts.keep(counter, room, 'p1', '17')).toBe(true);
      expect(await posts.keep(counter, room, 'p3', '18')).toBe(true);
      expect(await posts.claim(room, 'p4', '18')).toBe(false);
      // In another channel the same number may be claimed: an edit of it fails there.
      await posts.claim({ ...room, channel: 'hall' }, 'p5', '19');
      expect(await posts.keep(counter, room, 'p6', '19')).toBe(true);
    });
  });
}

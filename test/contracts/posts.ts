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
      expect(await posts.known(room, ['16', '17', '18'])).toEqual(new Set(['17']));
      // What else a target has is not the channel's.
      expect(await posts.known({ ...room, thread: 'a' } as typeof room, ['17'])).toEqual(new Set(['17']));
      expect(await posts.known({ ...room, bot: 'other' }, ['17', '18'])).toEqual(new Set(['18']));
      expect(await posts.known({ ...room, channel: 'hall' }, ['17'])).toEqual(new Set());
      expect(await posts.known({ ...room, platform: 'elsewhere' }, ['17'])).toEqual(new Set());
      expect(await posts.known(room, [])).toEqual(new Set());
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
      expect(await posts.known(room, ['17', '19'])).toEqual(new Set(['17', '19']));
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
      expect(await posts.known(room, ['17'])).toEqual(new Set());
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
      expect(await posts.known(counter, ['17'])).toEqual(new Set());
      expect(await posts.keep(counter, room, 'p1', '17')).toBe(true);
      expect(await posts.keep(counter, room, 'p3', '18')).toBe(true);
      expect(await posts.claim(room, 'p4', '18')).toBe(false);
      // In another channel the same number may be claimed: an edit of it fails there.
      await posts.claim({ ...room, channel: 'hall' }, 'p5', '19');
      expect(await posts.keep(counter, room, 'p6', '19')).toBe(true);
    });
  });
}

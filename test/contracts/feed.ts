import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { FeedEvent, ReplyFeed } from '../../src/core/ports/feed.ts';
import { usePlace } from './place.ts';
import type { CreateStore } from './store.ts';

const asked: FeedEvent = { type: 'asked', session: 's', owner: 'o' };
const more = (text: string): FeedEvent => ({ type: 'more', text });
const end: FeedEvent = { type: 'end', ended: { outcome: 'answered', followUps: ['And 明天？'] } };

/** What every home's reply feed promises. */
export function feedContract(name: string, createStore: CreateStore): void {
  describe(`the reply feed on ${name}`, () => {
    const open = async () => (await (await usePlace(createStore)).open()).feed;

    async function all(feed: ReplyFeed, message: string, signal = new AbortController().signal) {
      const events: FeedEvent[] = [];
      const ids: string[] = [];
      for await (const { id, event } of feed.follow(message, signal)) {
        events.push(event);
        ids.push(id);
      }
      const places = ids.map(Number);
      expect(places).toEqual([...new Set(places)].toSorted((one, other) => one - other));
      expect(places.every(Number.isSafeInteger)).toBe(true);
      return events;
    }

    test('tells what is there and what comes, in order and to its end', async () => {
      const feed = await open();
      await feed.append('m', asked);
      await feed.append('m', more('a'));
      const following = all(feed, 'm');
      await sleep(50);
      for (const text of ['b', '\n', '🙂']) await feed.append('m', more(text));
      await feed.append('m', end);
      const told = [asked, more('a'), more('b'), more('\n'), more('🙂'), end];
      expect(await following).toEqual(told);
      // Whoever comes late hears the same.
      expect(await all(feed, 'm')).toEqual(told);
    });

    test('to any number of listeners, each feed for itself', async () => {
      const feed = await open();
      const followings = ['m', 'm', 'other'].map((message) => all(feed, message));
      await sleep(50);
      await feed.append('m', asked);
      await feed.append('other', more('x'));
      await feed.append('m', end);
      await feed.append('other', end);
      expect(await Promise.all(followings)).toEqual([
        [asked, end],
        [asked, end],
        [more('x'), end],
      ]);
    });

    test('loses and repeats nothing while much is told', async () => {
      const feed = await open();
      const told = Array.from({ length: 200 }, (_, nth) => more(String(nth)));
      const telling = (async () => {
        for (const event of [...told, end]) await feed.append('m', event);
      })();
      const followings = [];
      for (let nth = 0; nth < 5; nth++) {
        followings.push(all(feed, 'm'));
        await sleep(5);
      }
      await telling;
      for (const events of await Promise.all(followings)) expect(events).toEqual([...told, end]);
    });

    test('takes nothing that follows an entry which is not the last', async () => {
      const feed = await open();
      const first = await feed.append('m', more('a'));
      const second = await feed.append('m', more('b'), first);
      expect(second).not.toBe(first);
      expect(await feed.append('m', more('c'), first)).toBeUndefined();
      expect(await feed.append('other', more('d'), second)).toBeUndefined();
      await feed.append('m', end, second);
      expect(await all(feed, 'm')).toEqual([more('a'), more('b'), end]);
    });

    test('tells nothing after the end, and nothing more to who has left', async () => {
      const feed = await open();
      await feed.append('m', end);
      await feed.append('m', end);
      expect(await all(feed, 'm')).toEqual([end]);
      const left = new AbortController();
      const following = all(feed, 'silent', left.signal);
      await sleep(20);
      left.abort();
      expect(await following).toEqual([]);
    });

    test('knows what a feed began with, also in another process', async () => {
      const place = await usePlace(createStore);
      const before = await place.open();
      await before.feed.append('m', asked);
      await before.feed.append('m', more('a'));
      await before.close();
      const { feed } = await place.open();
      expect(await feed.first('m')).toEqual(asked);
      expect(await feed.first('unknown')).toBeUndefined();
      await feed.append('m', end);
      expect(await all(feed, 'm')).toEqual([asked, more('a'), end]);
    });
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { FeedEvent } from '../../src/core/ports/feed.ts';
import { openRedisHome } from '../../src/redis/home.ts';
import { quietLog as log } from '../contracts/quiet-log.ts';
import { redisServer, startRedisServer } from './server.ts';

describe.skipIf(!redisServer.available)('a feed', () => {
  test('that is followed while Redis is killed and comes back is heard whole', async () => {
    const redis = await startRedisServer();
    const homes = [
      await openRedisHome({ url: redis.url, log }),
      await openRedisHome({ url: redis.url, log }),
    ];
    const [teller, listener] = homes;
    onTestFinished(async () => {
      await Promise.all(homes.map((home) => home.close()));
      await redis.remove();
    });
    const heard: FeedEvent[] = [];
    const following = (async () => {
      for await (const { event } of listener?.feed.follow('m', new AbortController().signal) ?? [])
        heard.push(event);
    })();
    const tell = async (event: FeedEvent) => {
      for (;;) {
        const isTold = await teller?.feed.append('m', event).then(
          () => true,
          () => false,
        );
        if (isTold) return;
        await sleep(100);
      }
    };
    const told: FeedEvent[] = ['a', 'b', 'c', 'd'].map((text) => ({ type: 'more', text }));
    for (const event of told.slice(0, 2)) await tell(event);
    await sleep(1_200); // It is on disk.
    await redis.kill();
    await sleep(500);
    await redis.start();
    for (const event of told.slice(2)) await tell(event);
    await tell({ type: 'end', ended: { outcome: 'answered' } });
    await following;
    expect(heard.map((event) => (event.type === 'more' ? event.text : event.type))).toEqual([
      'a',
      'b',
      'c',
      'd',
      'end',
    ]);
  });
});

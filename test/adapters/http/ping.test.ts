import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventsOf } from '../../../adapters/http/sse.ts';
import type { FeedEntry } from '../../../src/core/ports/feed.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a stream is never silent for longer than fifteen seconds, counted from its last word', async () => {
  let say = (_entry: FeedEntry) => {};
  async function* follow(): AsyncGenerator<FeedEntry> {
    for (;;)
      yield await new Promise<FeedEntry>((resolve) => {
        say = resolve;
      });
  }
  const out = eventsOf({
    asked: { message: 'm', owner: 'o', session: 's' },
    counter: { isUnanswered: async () => true },
    feed: { follow, append: async () => '1', first: async () => undefined },
    clock: createFakeClock(),
    locale: undefined,
    after: undefined,
  });
  let heard = '';
  out.on('data', (piece: Buffer) => {
    heard += piece;
  });
  await vi.advanceTimersByTimeAsync(10_000);
  say({ id: '1', event: { type: 'more', text: 'a' } });
  await vi.advanceTimersByTimeAsync(14_000);
  expect(heard).toMatch(/"content":"a"/);
  expect(heard).not.toMatch(/ping/);
  await vi.advanceTimersByTimeAsync(1_001);
  expect(heard.match(/: ping\n\n/g)).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(heard.match(/: ping\n\n/g)).toHaveLength(3);
  out.destroy();
});

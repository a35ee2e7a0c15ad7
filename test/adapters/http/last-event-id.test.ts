import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventsOf } from '../../../adapters/http/sse.ts';
import { whenAborted } from '../../../src/core/aborted.ts';
import type { FeedEntry } from '../../../src/core/ports/feed.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const told: FeedEntry[] = [
  { id: '9', event: { type: 'more', text: 'one ' } },
  { id: '10', event: { type: 'more', text: 'two ' } },
  { id: '11', event: { type: 'more', text: 'three' } },
];

/** The ids of what is told at once to who had that event last, and then at the end. */
async function heardAfter(after: string): Promise<[now: string[], end: string[]]> {
  const over = new AbortController();
  async function* follow(): AsyncGenerator<FeedEntry> {
    yield* told;
    await whenAborted(over.signal);
    yield { id: '12', event: { type: 'end', ended: { outcome: 'answered' } } };
  }
  const out = eventsOf({
    asked: { message: 'm', owner: 'o', session: 's' },
    counter: { isUnanswered: async () => true },
    feed: { follow, append: async () => '1', first: async () => undefined },
    clock: createFakeClock(),
    locale: undefined,
    after,
  });
  let heard = '';
  out.on('data', (piece: Buffer) => {
    heard += piece;
  });
  const take = () => {
    const ids = [...heard.matchAll(/^id: (.*)$/gm)].map(([, id = '']) => id);
    heard = '';
    return ids;
  };
  await sleep(20);
  const now = take();
  over.abort();
  await sleep(20);
  return [now, take()];
}

test.each<[after: string, now: string[], end?: string[]]>([
  ['9', ['10', '11']],
  // Never told: what comes after it is.
  ['4', ['9', '10', '11']],
  ['99', []],
  // Nothing is left to tell.
  ['12', [], []],
  // No id of ours: all is told.
  ['1e1', ['9', '10', '11']],
  ['-3', ['9', '10', '11']],
  ['', ['9', '10', '11']],
  ['abc', ['9', '10', '11']],
  ['9'.repeat(20), []],
])('after %j it is told at once what comes later, and then the end', async (after, now, end = ['12']) => {
  expect(await heardAfter(after)).toEqual([now, end]);
});

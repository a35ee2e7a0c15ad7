import { beforeEach, expect, test } from 'vitest';
import { createSeen, type Seen } from '../../../adapters/discord/seen.ts';
import { firstIdAt } from '../../../adapters/discord/snowflake.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createLogbook } from '../../support/logbook.ts';
import { createNotes } from '../../support/notes.ts';

const begin = Date.UTC(2026, 10, 28);
const minuteMs = 60_000;
const bot = '200000000000000001';

let clock: FakeClock;
let notes: ReturnType<typeof createNotes>;
let seen: Seen;

beforeEach(() => {
  clock = createFakeClock(begin);
  notes = createNotes(clock.now);
  const { signal } = new AbortController();
  seen = createSeen({ notes, clock, log: createLogbook(), signal });
});

test('the first message of a channel is noted at once', async () => {
  await seen.load(bot);
  seen.hear({ channel: '1' }, '1300000000000000000');
  await clock.settle();
  expect([...notes.kept.values()]).toContain('{"last":"1299999999999999999"}');
});

test('that the bot listens is noted when it begins, and when it ends', async () => {
  const times: number[] = [];
  const { keep } = notes;
  notes.keep = (book, name, value) => {
    if (name === 'listened') times.push(clock.now() - begin);
    return keep(book, name, value);
  };
  expect((await seen.load(bot)).hasListened).toBe(false);
  await clock.advance(minuteMs);
  await seen.settle();
  expect(times).toEqual([0, minuteMs]);
  expect((await seen.load(bot)).hasListened).toBe(true);
});

test('in a session without an end, what is older than a day is forgotten, and that the bot listens is not', async () => {
  const since: number[] = [];
  const { list } = notes;
  notes.list = (book, from) => {
    since.push(clock.now() - from);
    return list(book, from);
  };
  await seen.load(bot);
  seen.hear({ channel: 'quiet' }, firstIdAt(begin));
  for (let hour = 0; hour < 30; hour++) {
    seen.pass({ channel: 'busy' }, firstIdAt(clock.now()));
    await clock.advance(30 * minuteMs);
    seen.pass({ channel: 'busy' }, firstIdAt(clock.now()));
    await clock.advance(30 * minuteMs);
  }
  expect([seen.has('quiet'), seen.has('busy')]).toEqual([false, true]);
  expect(since.length).toBeGreaterThan(20);
  expect(since.length).toBeLessThanOrEqual(31);
  expect(new Set(since)).toEqual(new Set([24 * 60 * minuteMs]));
  const lately = await list(`discord/seen/${bot}`, clock.now() - 2 * 60 * minuteMs);
  expect(lately.map(({ name }) => name).toSorted()).toEqual(['busy', 'listened']);
});

import { beforeEach, describe, expect, test } from 'vitest';
import type { Call } from '../../../adapters/discord/call.ts';
import { createMissed, type Missed } from '../../../adapters/discord/missed.ts';
import { createSeen, type Seen } from '../../../adapters/discord/seen.ts';
import { firstIdAt } from '../../../adapters/discord/snowflake.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createLogbook, type Logbook } from '../../support/logbook.ts';
import { createNotes } from '../../support/notes.ts';

const begin = Date.UTC(2026, 10, 28);
const minuteMs = 60_000;
const bot = '200000000000000001';

let clock: FakeClock;
let log: Logbook;
let notes: ReturnType<typeof createNotes>;
let seen: Seen;
let missed: Missed;
/** The channels that were asked for, and when. */
let asked: { channel: string; atMs: number; after: string | undefined }[];
/** The ids of messages that were taken in. */
let taken: string[];
/** What Discord answers. */
let answer: (channel: string) => unknown;

beforeEach(() => {
  clock = createFakeClock(begin);
  log = createLogbook();
  notes = createNotes(clock.now);
  asked = [];
  taken = [];
  answer = () => [];
  const { signal } = new AbortController();
  const world = { clock, log, signal };
  const call: Call = async (_, path, _body, extras) => {
    const channel = path.split('/')[2] ?? '';
    asked.push({ channel, atMs: clock.now() - begin, after: extras?.query?.after });
    return answer(channel);
  };
  seen = createSeen({ notes, ...world });
  missed = createMissed({ call, seen, answerWithinMs: 15 * minuteMs, patienceMs: 2 * minuteMs, ...world });
});

/** A channel in which the last message was heard some minutes ago. */
const noted = (channel: string, minutesAgo: number) =>
  notes.keep(
    `discord/seen/${bot}`,
    channel,
    JSON.stringify({ last: firstIdAt(begin - minutesAgo * minuteMs), guild: '1' }),
  );

const take = async (payload: unknown) => {
  taken.push(Object(payload).id);
};

const beginSession = () => missed.begin({ bot, isOurs: () => true, isUp: Promise.resolve(), take });

const yet = 'warn: what was written meanwhile could not be looked up yet; trying again';

/** How long it takes until a channel no longer waits, in milliseconds. */
async function waitOf(channel: string): Promise<number> {
  let endedAt: number | undefined;
  void missed.caughtUp(channel).then(() => {
    endedAt = clock.now() - begin;
  });
  for (let nth = 0; nth < 600 && endedAt === undefined; nth++) await clock.advance(1_000);
  return endedAt ?? Number.POSITIVE_INFINITY;
}

const away = () => {
  throw Object.assign(new Error('away'), { status: 503 });
};

test('of very many channels the 500 that were active last are looked at, the newest ten first, the others in no order', async () => {
  for (let nth = 0; nth < 600; nth++) await noted(String(1_000 + nth), nth);
  beginSession();
  await clock.advance(minuteMs);
  const looked = asked.map(({ channel }) => channel);
  const active = Array.from({ length: 500 }, (_, nth) => String(1_000 + nth));
  expect(looked.slice(0, 10)).toEqual(active.slice(0, 10));
  expect(looked).not.toEqual(active);
  expect(looked.toSorted()).toEqual(active);
  expect(log.events()).toEqual(['warn: too many channels were active: in some nothing is looked up']);
  expect(log.text()).toContain('"channels":100');
});

test('a channel in which somebody writes meanwhile is looked at before the others', async () => {
  for (let nth = 0; nth < 100; nth++) await noted(String(1_000 + nth), nth);
  beginSession();
  expect(await waitOf('1099')).toBeLessThanOrEqual(1_000);
});

test('what was active more than a day ago is not looked at', async () => {
  await noted('1', 0);
  await clock.advance(24 * 60 * minuteMs + 1);
  await noted('2', 0);
  beginSession();
  await clock.advance(minuteMs);
  expect(asked.map(({ channel }) => channel)).toEqual(['2']);
});

describe('while Discord cannot be asked', () => {
  test('a channel waits two minutes, and not for ever, and is asked for less and less often', async () => {
    answer = away;
    await noted('1', 1);
    beginSession();
    const waitMs = await waitOf('1');
    expect(waitMs).toBeGreaterThanOrEqual(2 * minuteMs);
    expect(waitMs).toBeLessThan(2.5 * minuteMs);
    expect(asked.length).toBeLessThan(15);
    expect(log.events()).toEqual([yet]);
  });

  test('for longer, it is asked again while nobody waits, from where nothing had been heard', async () => {
    const gap = firstIdAt(begin - 1_000);
    answer = () => (clock.now() < begin + 5 * minuteMs ? away() : [{ id: gap }]);
    await noted('1', 1);
    beginSession();
    await waitOf('1');
    seen.pass({ channel: '1' }, firstIdAt(clock.now()));
    await clock.advance(5 * minuteMs);
    expect(taken).toEqual([gap]);
    expect(asked.at(-1)).toMatchObject({ after: firstIdAt(begin - minuteMs) });
    const { length } = asked;
    await clock.advance(5 * minuteMs);
    expect(asked).toHaveLength(length);
    expect(log.events()).toEqual([yet, 'info: messages that were written meanwhile have been looked up']);
  });

  test('twice, the longer gap is asked for', async () => {
    answer = () => (clock.now() < begin + 10 * minuteMs ? away() : []);
    await noted('1', 1);
    beginSession();
    await waitOf('1');
    seen.pass({ channel: '1' }, firstIdAt(clock.now()));
    beginSession();
    await clock.advance(12 * minuteMs);
    expect(asked.at(-1)).toMatchObject({ after: firstIdAt(begin - minuteMs) });
  });

  test('at all, it is asked about once a minute for as long as anything may be answered', async () => {
    answer = away;
    await noted('1', 1);
    beginSession();
    await waitOf('1');
    const { length } = asked;
    await clock.advance(20 * minuteMs);
    expect(asked.length - length).toBeGreaterThan(10);
    expect(asked.length - length).toBeLessThan(18);
    expect(asked.at(-1)?.atMs).toBeLessThan(17 * minuteMs);
    expect(log.events()).toEqual([yet, 'warn: what was written meanwhile could not be looked up']);
  });

  test('of very many channels not all are asked each time, and all of them in the end', async () => {
    answer = () => (clock.now() < begin + 8 * minuteMs ? away() : []);
    for (let nth = 0; nth < 50; nth++) await noted(String(nth), nth);
    beginSession();
    for (let nth = 0; nth < 50; nth++) await waitOf(String(nth));
    const { length } = asked;
    await clock.advance(2 * minuteMs);
    expect(asked.length - length).toBeLessThan(15);
    await clock.advance(8 * minuteMs);
    expect(new Set(asked.filter(({ atMs }) => atMs >= 8 * minuteMs).map(({ channel }) => channel)).size).toBe(
      50,
    );
  });

  test.each([403, 404])(
    'for a firewall answers %s in words of its own, it is asked again',
    async (status) => {
      const page = () => {
        throw Object.assign(new Error('<html>'), { status, rawError: '<html>' });
      };
      answer = () => (clock.now() < begin + minuteMs ? page() : []);
      await noted('1', 1);
      beginSession();
      const waitMs = await waitOf('1');
      expect(waitMs).toBeGreaterThanOrEqual(minuteMs);
      expect(waitMs).toBeLessThan(1.5 * minuteMs);
      expect(seen.has('1')).toBe(true);
      expect(log.events()).toEqual([]);
    },
  );

  test('all channels wait together, not one after the other', async () => {
    answer = away;
    for (let nth = 0; nth < 20; nth++) await noted(String(nth), nth);
    beginSession();
    await waitOf('0');
    for (let nth = 1; nth < 20; nth++) expect(await waitOf(String(nth))).toBeLessThan(3 * minuteMs);
  });

  test('for a time, everything is looked at when it can be', async () => {
    answer = () => (clock.now() < begin + minuteMs ? away() : []);
    await noted('1', 1);
    await noted('2', 2);
    beginSession();
    expect(await waitOf('2')).toBeLessThan(1.5 * minuteMs);
    expect(log.events()).toEqual([]);
  });

  test('one channel that always fails holds nothing up but itself', async () => {
    answer = (channel) => (channel === '1' ? away() : []);
    for (const channel of ['1', '2', '3', '4']) await noted(channel, Number(channel));
    beginSession();
    expect(await waitOf('4')).toBeLessThan(minuteMs);
    expect(await waitOf('1')).toBeGreaterThanOrEqual(2 * minuteMs);
  });
});

test('a channel of a server that tells of itself only later is looked up too', async () => {
  await noted('1', 1);
  beginSession();
  await clock.advance(minuteMs);
  missed.notice({ channel: '2', guild: '1' }, firstIdAt(begin));
  await clock.advance(minuteMs);
  expect(asked.map(({ channel }) => channel)).toEqual(['1', '2']);
});

test('what Discord answers without sense is no message', async () => {
  answer = () => [null, 5, 'x', {}, { id: 5 }, [], { id: '1'.repeat(30) }];
  await noted('1', 1);
  beginSession();
  expect(await waitOf('1')).toBeLessThan(minuteMs);
});

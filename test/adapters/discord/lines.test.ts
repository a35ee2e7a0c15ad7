import { beforeEach, describe, expect, test } from 'vitest';
import { createLines, type Lines } from '../../../adapters/discord/lines.ts';
import type { InboundMessage } from '../../../src/core/message.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createLogbook, type Logbook } from '../../support/logbook.ts';

let clock: FakeClock;
let log: Logbook;
let stopping: AbortController;
let stored: string[];
let isAway: boolean;
let lines: Lines;

beforeEach(() => {
  clock = createFakeClock();
  log = createLogbook();
  stopping = new AbortController();
  stored = [];
  isAway = false;
  lines = createLines({ deliver, clock, log, signal: stopping.signal, room: 3 });
});

async function deliver({ text }: InboundMessage): Promise<void> {
  await clock.settle();
  if (isAway) throw new Error('connect ECONNREFUSED');
  stored.push(text);
}

const message = (text: string, channel = 'one'): InboundMessage => ({
  id: text,
  author: { id: '1', name: 'Ada' },
  text,
  attachments: [],
  addressed: 'direct',
  target: { platform: 'discord', bot: '2', channel },
  sentAt: 0,
});

const settled = async () => {
  for (let times = 0; times < 20; times++) await clock.settle();
};

describe('while the store is away', () => {
  test('messages wait, and come in the order in which they were said', async () => {
    isAway = true;
    for (const text of ['a', 'b', 'c']) lines.add(message(text));
    await clock.advance(10_000);
    expect(stored).toEqual([]);
    isAway = false;
    await clock.advance(30_000);
    await settled();
    expect(stored).toEqual(['a', 'b', 'c']);
    expect(log.events()).toEqual([
      'error: a message could not be stored; trying again',
      'info: messages can be stored again',
    ]);
  });

  test('so many are kept and no more, and those that are lost are told of', async () => {
    isAway = true;
    for (const text of ['a', 'b', 'c', 'd', 'e']) lines.add(message(text));
    await settled();
    isAway = false;
    await clock.advance(30_000);
    await settled();
    lines.add(message('f'));
    await settled();
    expect(stored).toEqual(['a', 'b', 'c', 'f']);
    expect(log.events().filter((event) => /too many|room/.test(event))).toEqual([
      'error: too many messages wait for the store: those that come now are looked up later',
      'info: there is room for messages again',
    ]);
  });

  test('what may be done once for all does not pile up, and stays where it was said', async () => {
    isAway = true;
    const done = (text: string) => () => void stored.push(text);
    lines.add(message('a'));
    for (let nth = 0; nth < 100; nth++) lines.afterLast('one', done(`first ${nth}`));
    lines.add(message('b'));
    lines.afterLast('one', done('second'));
    lines.after('one', done('by itself'));
    lines.afterLast('one', done('third'));
    lines.afterLast('one', done('fourth'));
    await settled();
    isAway = false;
    await clock.advance(30_000);
    await settled();
    lines.afterLast('one', done('fifth'));
    await settled();
    expect(stored).toEqual(['a', 'first 99', 'b', 'second', 'by itself', 'fourth', 'fifth']);
  });

  test('a command fails at once, even where messages wait', async () => {
    isAway = true;
    lines.add(message('a'));
    await settled();
    await expect(lines.tryOnce(message('/reset'), Promise.resolve())).rejects.toThrow('ECONNREFUSED');
    expect(stored).toEqual([]);
  });

  test('the end comes at once, and what is lost is told of', async () => {
    isAway = true;
    lines.add(message('a'));
    await settled();
    stopping.abort();
    await lines.empty();
    await settled();
    expect(log.events()).toContain(
      'warn: the bridge had to end before a message could be stored: it is looked up later',
    );
  });
});

test('a channel does not wait for another', async () => {
  let release = () => {};
  lines = createLines({
    deliver: async ({ text }) => {
      if (text === 'slow') await new Promise<void>((resolve) => (release = resolve));
      stored.push(text);
    },
    clock,
    log,
    signal: stopping.signal,
  });
  lines.add(message('slow', 'one'));
  lines.add(message('after', 'one'));
  lines.add(message('quick', 'two'));
  await settled();
  expect(stored).toEqual(['quick']);
  release();
  await lines.empty();
  expect(stored).toEqual(['quick', 'slow', 'after']);
});

test('what is said after a command is stored after it, however long that takes to be acknowledged', async () => {
  lines.add(message('before'));
  const obeyed = lines.tryOnce(message('/reset'), clock.sleep(1_000));
  lines.add(message('after'));
  await clock.advance(999);
  await settled();
  expect(stored).toEqual(['before']);
  await clock.advance(1);
  await obeyed;
  await lines.empty();
  expect(stored).toEqual(['before', '/reset', 'after']);
});

test('the end waits for what is on its way into the store', async () => {
  lines.add(message('a'));
  stopping.abort();
  await lines.empty();
  expect(stored).toEqual([]);
  lines = createLines({ deliver, clock, log, signal: new AbortController().signal });
  lines.add(message('b'));
  await lines.empty();
  expect(stored).toEqual(['b']);
});

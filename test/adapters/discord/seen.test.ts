import { afterEach, describe, expect, test } from 'vitest';
import type { InboundMessage } from '../../../src/core/message.ts';
import { createNotes } from '../../support/notes.ts';
import { checkAndStop, startHearing } from './listening.ts';

afterEach(checkAndStop);

const texts = (heard: readonly InboundMessage[]) => heard.map(({ text }) => text);

describe('the notes', () => {
  test('never tell of a message that is not in the store', async () => {
    const notes = createNotes();
    const deliver = async ({ text }: InboundMessage) => {
      if (text === 'two') throw new Error('connect ECONNREFUSED');
    };
    const first = await startHearing({ notes, deliver });
    const { emulator } = first;
    const dm = emulator.dm();
    for (const text of ['one', 'two', 'three']) dm.say(text);
    // What nobody has to be told of comes after them all the same.
    dm.say('beep', { from: emulator.bot.user });
    await emulator.until(() => first.log.events().length > 0);
    await first.stop();
    expect(texts(first.heard)).toEqual(['one']);
    const second = await startHearing({ emulator, notes });
    await emulator.until(() => second.heard.length === 2);
    expect(texts(second.heard)).toEqual(['two', 'three']);
  });

  test('tell of a first message before it is in the store', async () => {
    const notes = createNotes();
    const never = () => new Promise<void>(() => undefined);
    const first = await startHearing({ notes, deliver: never, limits: { leaveMs: 10 } });
    const { emulator } = first;
    emulator.dm().say('the very first');
    await emulator.until(() => [...notes.kept.values()].some((value) => value.includes('last')));
    const second = await startHearing({ emulator, notes });
    await emulator.until(() => second.heard.length === 1);
    expect(texts(second.heard)).toEqual(['the very first']);
  });

  test('are written now and then, and at the end', async () => {
    const notes = createNotes();
    const writes: string[] = [];
    const { keep } = notes;
    notes.keep = (book, name, value) => {
      writes.push(value);
      return keep(book, name, value);
    };
    const { emulator, heard, stop } = await startHearing({ notes });
    const dm = emulator.dm();
    for (let nth = 0; nth < 50; nth++) dm.say('x');
    await emulator.until(() => heard.length === 50);
    await stop();
    expect(writes.length).toBeLessThan(20);
    expect(JSON.parse(writes.filter((value) => value !== '{}').at(-1) ?? '').last).toBe(
      heard.at(-1)?.id.split(':').at(-1),
    );
  });
});

test('messages for which there is no room while the store is away are looked up when their turn comes', async () => {
  let isAway = true;
  const deliver = async () => {
    if (isAway) throw new Error('connect ECONNREFUSED');
  };
  const { emulator, heard, log } = await startHearing({ notes: createNotes(), deliver });
  const dm = emulator.dm();
  for (let nth = 0; nth < 1_100; nth++) dm.say(String(nth));
  await emulator.until(() => log.events().length === 2);
  isAway = false;
  dm.say('last');
  await emulator.until(() => heard.length === 1_101);
  expect(texts(heard)).toEqual([...Array.from({ length: 1_100 }, (_, nth) => String(nth)), 'last']);
  expect(log.events().slice(0, 2)).toEqual([
    'error: a message could not be stored; trying again',
    'error: too many messages wait for the store: those that come now are looked up later',
  ]);
});

import { expect, test } from 'vitest';
import type { MailFigures } from '../src/core/ports/figures.ts';
import { createHealth, createLook } from '../src/looking.ts';
import { createFakeClock } from './support/fake-clock.ts';
import { createNotes } from './support/notes.ts';

const figures: MailFigures = { lines: 3, oldestAt: 1, deadLetters: 0, workers: 1 };
const parts = [{ name: 'mailbox', state: 'ready' as const, since: 0 }];
const readiness = { states: () => parts };
const never = () => new Promise<never>(() => {});
const failing = async () => {
  throw new Error('no');
};

test('what the store holds is told', async () => {
  const clock = createFakeClock();
  const look = createLook({ figures: async () => figures }, clock);
  expect(await look()).toEqual(figures);
  const notes = createNotes();
  const health = createHealth({ readiness, look, notes, clock });
  expect(await health()).toEqual({ at: clock.now(), parts, figures, coze: undefined });
  await notes.keep('coze', 'state', JSON.stringify({ trouble: 'token', since: 5 }));
  expect(await health()).toMatchObject({ figures, coze: { trouble: 'token', since: 5 } });
});

test('the store is looked at once a second, however many ask', async () => {
  const clock = createFakeClock();
  let looks = 0;
  const count = async () => {
    looks += 1;
    return { ...figures, lines: looks };
  };
  const look = createLook({ figures: count }, clock);
  const linesSeen = async () => (await Promise.all([look(), look(), look()])).map((seen) => seen?.lines);
  expect(await linesSeen()).toEqual([1, 1, 1]);
  await clock.advance(999);
  expect(await linesSeen()).toEqual([1, 1, 1]);
  await clock.advance(1);
  expect(await linesSeen()).toEqual([2, 2, 2]);
});

test('a look that lasts is not begun again meanwhile', async () => {
  const clock = createFakeClock();
  let looks = 0;
  const hang = () => {
    looks += 1;
    return never();
  };
  const look = createLook({ figures: hang }, clock);
  void look();
  await clock.advance(1_500);
  void look();
  expect(looks).toBe(1);
});

test('a store that fails is away, and nothing is known of Coze', async () => {
  const clock = createFakeClock();
  const look = createLook({ figures: failing }, clock);
  expect(await look()).toBeUndefined();
  const health = createHealth({ readiness, look, notes: { find: failing }, clock });
  expect(await health()).toMatchObject({ figures: undefined, coze: undefined });
});

test('a store that is silent for two seconds is away', async () => {
  const clock = createFakeClock();
  const looked = createLook({ figures: never }, clock)();
  let isOver = false;
  void looked.then(() => {
    isOver = true;
  });
  await clock.advance(1_999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  expect(await looked).toBeUndefined();
});

test('figures and notes that are both silent are waited for at the same time, and one does not hold up the other', async () => {
  const clock = createFakeClock();
  const healthBy = (look: () => Promise<MailFigures | undefined>) =>
    createHealth({ readiness, look, notes: { find: never }, clock })();
  const all = Promise.all([healthBy(createLook({ figures: never }, clock)), healthBy(async () => figures)]);
  let isOver = false;
  void all.then(() => {
    isOver = true;
  });
  await clock.advance(1_999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  expect(isOver).toBe(true);
  expect(await all).toMatchObject([
    { figures: undefined, coze: undefined },
    { figures, coze: undefined },
  ]);
});

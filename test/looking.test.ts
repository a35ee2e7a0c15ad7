import { expect, test } from 'vitest';
import type { MailFigures } from '../src/core/ports/figures.ts';
import { createLook, healthOf } from '../src/looking.ts';
import { createFakeClock } from './support/fake-clock.ts';

const figures: MailFigures = { lines: 3, oldestAt: 1, deadLetters: 0 };
const readiness = { states: () => [{ name: 'mailbox', state: 'ready' as const, since: 0 }] };

test('what the store holds is told', async () => {
  const look = createLook({ figures: async () => figures }, createFakeClock());
  expect(await look()).toEqual(figures);
  expect(await healthOf(readiness, look)).toMatchObject({ isStoreAway: false, waiting: 3 });
});

test('a store that fails is away', async () => {
  const failing = async () => {
    throw new Error('no');
  };
  const look = createLook({ figures: failing }, createFakeClock());
  expect(await look()).toBeUndefined();
  expect(await healthOf(readiness, look)).toMatchObject({ isStoreAway: true, waiting: undefined });
});

test('a store that is silent for two seconds is away', async () => {
  const clock = createFakeClock();
  const looked = createLook({ figures: () => new Promise(() => {}) }, clock)();
  let isOver = false;
  void looked.then(() => {
    isOver = true;
  });
  await clock.advance(1_999);
  expect(isOver).toBe(false);
  await clock.advance(1);
  expect(await looked).toBeUndefined();
});

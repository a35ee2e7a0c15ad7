import { expect, test } from 'vitest';
import { createDelay } from '../../src/core/delay.ts';
import { createReplyRig, sentence } from '../support/reply-rig.ts';

test('the delay is that of the oldest of what a write shows', () => {
  const delay = createDelay();
  expect(delay.mostMs).toBeUndefined();
  delay.grown(1_000);
  delay.grown(1_500);
  delay.written(1_600, 1_700);
  expect(delay.mostMs).toBe(700);
});

test('what comes while a write is under way waits for the next one', () => {
  const delay = createDelay();
  delay.grown(1_000);
  delay.grown(1_150);
  delay.written(1_100, 1_200);
  delay.written(2_300, 2_400);
  expect(delay.mostMs).toBe(1_300);
});

test('a write that shows nothing new has no delay', () => {
  const delay = createDelay();
  delay.grown(1_000);
  delay.written(1_000, 1_001);
  delay.written(9_000, 9_001);
  expect(delay.mostMs).toBe(1);
});

test('a live reply knows the longest that a piece of it has waited', async () => {
  const { clock, reply } = createReplyRig();
  const live = reply();
  live.show(sentence);
  await clock.settle();
  expect(live.mostBehindMs).toBe(0);
  await clock.advance(300);
  live.show(`${sentence} And`);
  await clock.advance(100);
  live.show(`${sentence} And more.`);
  await clock.advance(2_000);
  expect(live.mostBehindMs).toBe(700);
  await live.finish(`${sentence} And more.`);
  expect(live.mostBehindMs).toBe(700);
});

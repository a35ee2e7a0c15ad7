import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DeliveryLost } from '../../src/core/errors.ts';
import { maxAttempts } from '../../src/core/retry.ts';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import { sampleMessage, sampleRecord } from './samples.ts';
import type { CreateStore } from './store.ts';

const quick = { retryDelaysMs: [5] };
/** A timer may fire a little before its time by another clock. */
const slackMs = 20;

export function triesAgain(createStore: CreateStore): void {
  test('a message that failed is first in its line again, and its attempts are counted', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('first'));
    const held = await desk.next();
    await mailbox.put('k', sampleMessage('second'));
    held.fail();
    (await desk.next()).fail();
    (await desk.next()).finish();
    (await desk.next()).fail();
    (await desk.next()).finish();
    await until(() => desk.taken.length === 5);
    expect(desk.taken).toEqual(['first#1', 'first#2', 'first#3', 'second#1', 'second#2']);
  });

  test('the wait before the next attempt is kept, by later mail too, while other conversations go on', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [300] });
    const desk = place.desk(mailbox, { concurrency: 1 });
    await mailbox.put('k', sampleMessage('first'));
    const held = await desk.next();
    await mailbox.put('other', sampleMessage('other'));
    const failedAt = performance.now();
    held.fail();
    const other = await desk.next();
    await mailbox.put('k', sampleMessage('second'));
    other.finish();
    const again = await desk.next();
    expect(performance.now() - failedAt).toBeGreaterThan(300 - slackMs);
    again.finish();
    (await desk.next()).finish();
    expect(desk.taken).toEqual(['first#1', 'other#1', 'first#2', 'second#1']);
  });

  test('an error that asks for a longer wait gets it', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    const held = await desk.next();
    const failedAt = performance.now();
    held.fail(Object.assign(new Error('busy'), { retryAfterMs: 300 }));
    (await desk.next()).finish();
    expect(performance.now() - failedAt).toBeGreaterThan(300 - slackMs);
  });

  test('after the last attempt it lies with the dead letters, the reader is told once, the next one follows', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const lying: number[] = [];
    const desk = place.desk(mailbox, {
      giveUp: async () => void lying.push((await mailbox.deadLetters()).length),
    });
    await mailbox.put('k', sampleMessage('bad'));
    await mailbox.put('k', sampleMessage('good'));
    const startedAt = Date.now();
    const failure = new RangeError('out of reach', { cause: new Error('a secret of the cause') });
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) (await desk.next()).fail(failure);
    (await desk.next()).finish();
    expect(desk.taken).toEqual(['bad#1', 'bad#2', 'bad#3', 'bad#4', 'bad#5', 'good#1']);
    expect(desk.givenUp).toEqual([{ take: 'bad#5', error: failure }]);
    expect(lying).toEqual([1]);
    const letters = await mailbox.deadLetters();
    expect(letters).toEqual([
      {
        id: expect.stringMatching(/^\w{1,8}$/),
        key: 'k',
        message: sampleMessage('bad'),
        reason: 'RangeError: out of reach',
        at: expect.any(Number),
      },
    ]);
    expect(letters[0]?.at).toBeGreaterThanOrEqual(startedAt - 1_000);
    expect(await mailbox.put('k', sampleMessage('bad'))).toBe('seen');
  });

  test('whatever a handler rejects with, the dead letter gives a reason', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const desk = place.desk(mailbox, { answer: () => Promise.reject(undefined) });
    await mailbox.put('k', sampleMessage('bad'));
    await until(() => desk.givenUp.length === 1);
    expect((await mailbox.deadLetters())[0]?.reason).toMatch(/\S/);
  });

  test('the next message waits until the reader was told, and follows even if that failed', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    let failTelling = () => {};
    const desk = place.desk(mailbox, {
      giveUp: () =>
        new Promise((_, reject) => {
          failTelling = () => reject(new Error('the reader is gone'));
        }),
    });
    await mailbox.put('k', sampleMessage('bad'));
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) (await desk.next()).fail();
    await mailbox.put('k', sampleMessage('good'));
    await until(() => desk.givenUp.length === 1);
    await sleep(50);
    expect(desk.taken).not.toContain('good#1');
    failTelling();
    expect((await desk.next()).id).toBe('good');
    expect(await mailbox.deadLetters()).toHaveLength(1);
  });

  test('however much is noted, nothing of it stays on the signal of the delivery', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m1'));
    const { delivery, finish } = await desk.next();
    const before = getEventListeners(delivery.lost, 'abort').length;
    for (let times = 0; times < 20; times++) await delivery.note(sampleRecord(String(times)));
    expect(getEventListeners(delivery.lost, 'abort')).toHaveLength(before);
    finish();
  });

  test('what an attempt noted last is there for the next one, and not for the next message', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m1'));
    await mailbox.put('k', sampleMessage('m2'));
    const first = await desk.next();
    await first.delivery.note(sampleRecord('1'));
    await first.delivery.note(sampleRecord('2'));
    first.fail();
    const second = await desk.next();
    expect(second.delivery.record).toEqual(sampleRecord('2'));
    await expect(first.delivery.note(sampleRecord('late'))).rejects.toThrow(DeliveryLost);
    second.fail();
    const third = await desk.next();
    expect(third.delivery.record).toEqual(sampleRecord('2'));
    third.finish();
    expect((await desk.next()).delivery.record).toBeUndefined();
  });
}

import { expect, test } from 'vitest';
import { Postponed } from '../../src/core/errors.ts';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import { sampleMessage, sampleRecord } from './samples.ts';
import type { CreateStore } from './store.ts';

const quick = { retryDelaysMs: [5] };
/** A timer may fire a little before its time by another clock. */
const slackMs = 20;

export function stopsOneMessage(createStore: CreateStore): void {
  test('tells the messages of a line, in hand or not', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    expect(await mailbox.line('k')).toEqual([]);
    await mailbox.put('k', sampleMessage('first'));
    await mailbox.put('k', sampleMessage('second'));
    expect(await mailbox.line('k')).toEqual([sampleMessage('first'), sampleMessage('second')]);
    const desk = place.desk(mailbox);
    const held = await desk.next();
    expect((await mailbox.line('k'))[0]?.id).toBe('first');
    held.finish();
    await desk.next();
    expect((await mailbox.line('k'))[0]?.id).toBe('second');
  });

  test('a wish to stop reaches the message in hand, and no other', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    for (const id of ['first', 'second']) await mailbox.put('k', sampleMessage(id));
    const first = await desk.next();
    expect(await first.delivery.isStopped()).toBe(false);
    expect(await mailbox.stop('k', 'second')).toBe(false);
    expect(await mailbox.stop('other', 'first')).toBe(false);
    expect(await first.delivery.isStopped()).toBe(false);
    expect(await mailbox.stop('k', 'first')).toBe(true);
    expect(await first.delivery.isStopped()).toBe(true);
    first.finish();
    const second = await desk.next();
    expect(await second.delivery.isStopped()).toBe(false);
    expect(await mailbox.stop('k', 'first')).toBe(false);
    second.finish();
  });

  test('a wish to stop is kept for a message that waits, between attempts too', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    await mailbox.put('k', sampleMessage('m'));
    expect(await mailbox.stop('k', 'm')).toBe(true);
    const desk = place.desk(mailbox);
    const held = await desk.next();
    expect(await held.delivery.isStopped()).toBe(true);
    held.fail();
    const again = await desk.next();
    expect(await again.delivery.isStopped()).toBe(true);
    again.finish();
  });

  test('a wish to stop outlives the process', async () => {
    const place = await usePlace(createStore);
    const before = await place.open(quick);
    await before.mailbox.put('k', sampleMessage('m'));
    await before.mailbox.stop('k', 'm');
    await before.close();
    const { mailbox } = await place.open(quick);
    const held = await place.desk(mailbox).next();
    expect(await held.delivery.isStopped()).toBe(true);
    held.finish();
  });

  test('what is postponed comes again after its wait, with what was noted and with no attempt counted', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('first'));
    await mailbox.put('k', sampleMessage('second'));
    const record = { ...sampleRecord('7'), ending: { outcome: 'answered' as const, text: 'whole 你好' } };
    const held = await desk.next();
    await held.delivery.note(record);
    for (let round = 0, current = held; round < 7; round++) {
      const postponedAt = performance.now();
      current.fail(new Postponed(100));
      current = await desk.next();
      expect(performance.now() - postponedAt).toBeGreaterThan(100 - slackMs);
      expect(current.delivery.record).toEqual(record);
      if (round === 6) current.finish();
    }
    (await desk.next()).finish();
    await until(() => desk.taken.length === 9);
    expect(desk.taken).toEqual([...Array(8).fill('first#1'), 'second#1']);
    expect(await mailbox.deadLetters()).toEqual([]);
  });

  test('what is postponed keeps no other conversation waiting', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const desk = place.desk(mailbox, { concurrency: 1 });
    await mailbox.put('k', sampleMessage('late'));
    (await desk.next()).fail(new Postponed(60_000));
    await mailbox.put('other', sampleMessage('other'));
    (await desk.next()).finish();
    expect(desk.taken).toEqual(['late#1', 'other#1']);
    expect((await mailbox.line('k'))[0]?.id).toBe('late');
  });
}

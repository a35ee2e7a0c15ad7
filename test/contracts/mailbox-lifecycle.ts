import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DeliveryLost } from '../../src/core/errors.ts';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import { sampleMessage, sampleRecord } from './samples.ts';
import type { CreateStore } from './store.ts';

export function stopsAndGoesOn(createStore: CreateStore): void {
  test('stop takes nothing new and waits for what runs', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m1'));
    const held = await desk.next();
    let ended = false;
    const stopping = desk.stop().then(() => {
      ended = true;
    });
    await mailbox.put('k', sampleMessage('m2'));
    await mailbox.put('other', sampleMessage('o1'));
    expect(held.delivery.lost.aborted).toBe(false);
    await held.delivery.note(sampleRecord('1'));
    await sleep(50);
    expect(ended).toBe(false);
    held.finish();
    await stopping;
    expect(desk.taken).toEqual(['m1#1']);

    const after = place.desk(mailbox, { answer: async () => {} });
    await until(() => after.taken.length === 2);
    expect([...after.taken].sort()).toEqual(['m2#1', 'o1#1']);
  });

  test('a message that waits for its next attempt takes no place from others, and stop does not wait for it', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [60_000] });
    const desk = place.desk(mailbox, { concurrency: 1 });
    await mailbox.put('k', sampleMessage('m'));
    await mailbox.put('other', sampleMessage('o'));
    (await desk.next()).fail();
    (await desk.next()).finish();
    await desk.stop();
    expect(desk.taken).toEqual(['m#1', 'o#1']);
  });

  test('a handler that fails during stop has used its attempt', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [5] });
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    const held = await desk.next();
    const stopping = desk.stop();
    held.fail();
    await stopping;
    expect((await place.desk(mailbox).next()).delivery.attempt).toBe(2);
  });

  test('leave tells what runs to let go, and no attempt is counted', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    await mailbox.put('k1', sampleMessage('m1'));
    await mailbox.put('k2', sampleMessage('m2'));
    const held = [await desk.next(), await desk.next()];
    await desk.leave();
    expect(held.map(({ delivery }) => delivery.lost.aborted)).toEqual([true, true]);
    const after = place.desk(mailbox, { answer: async () => {} });
    await until(() => after.taken.length === 2);
    expect([...after.taken].sort()).toEqual(['m1#1', 'm2#1']);
  });

  test('a handler that does not let go holds up nobody, and changes nothing any more', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [5] });
    const desk = place.desk(mailbox, { deaf: true });
    await mailbox.put('k', sampleMessage('m1'));
    await mailbox.put('k', sampleMessage('m2'));
    const letGo = await desk.next();
    await letGo.delivery.note(sampleRecord('kept'));
    await desk.leave();
    expect(letGo.delivery.lost.aborted).toBe(true);
    await expect(letGo.delivery.note(sampleRecord('late'))).rejects.toThrow(DeliveryLost);

    const after = place.desk(mailbox);
    const held = await after.next();
    expect(held.delivery).toMatchObject({ attempt: 1, record: sampleRecord('kept'), message: { id: 'm1' } });
    await expect(letGo.delivery.note(sampleRecord('late'))).rejects.toThrow(DeliveryLost);
    letGo.finish();
    await held.delivery.note(sampleRecord('mine'));
    held.fail();
    const again = await after.next();
    expect(again.delivery).toMatchObject({ attempt: 2, record: sampleRecord('mine'), message: { id: 'm1' } });
    again.finish();
    (await after.next()).finish();
    expect(after.taken).toEqual(['m1#1', 'm1#2', 'm2#1']);
  });

  test('a handler that does not let go and fails late costs nothing', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [5] });
    const desk = place.desk(mailbox, { deaf: true });
    await mailbox.put('k', sampleMessage('m1'));
    await mailbox.put('k', sampleMessage('m2'));
    const letGo = await desk.next();
    await desk.leave();
    const after = place.desk(mailbox);
    const held = await after.next();
    letGo.fail();
    held.finish();
    expect((await after.next()).id).toBe('m2');
    expect(after.taken).toEqual(['m1#1', 'm2#1']);
    expect(await mailbox.deadLetters()).toEqual([]);
  });

  test('once stopped, it takes nothing at all', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    await mailbox.put('k', sampleMessage('m'));
    const gone = AbortSignal.abort();
    const refuse = () => Promise.reject(new Error('nothing may be taken'));
    await mailbox.work({ answer: refuse, giveUp: refuse }, { concurrency: 1, stop: gone, leave: gone });
    expect((await place.desk(mailbox).next()).delivery.attempt).toBe(1);
  });

  test('mail, attempts, notes, dead letters and what was seen are there after a restart', async () => {
    const place = await usePlace(createStore);
    const before = await place.open({ retryDelaysMs: [5] });
    const desk = place.desk(before.mailbox, { answer: () => Promise.reject(new Error('no')) });
    await before.mailbox.put('dead', sampleMessage('dead'));
    await until(() => desk.givenUp.length === 1);
    await desk.stop();
    const second = place.desk(before.mailbox);
    await before.mailbox.put('k', sampleMessage('m1'));
    await before.mailbox.put('k', sampleMessage('m2'));
    const held = await second.next();
    await held.delivery.note(sampleRecord('1'));
    const stopping = second.stop();
    held.fail();
    await stopping;
    await before.close();

    const { mailbox } = await place.open();
    expect(await mailbox.put('k', sampleMessage('m1'))).toBe('seen');
    expect(await mailbox.deadLetters()).toMatchObject([{ message: { id: 'dead' }, reason: 'Error: no' }]);
    await mailbox.put('k', sampleMessage('m3'));
    const after = place.desk(mailbox);
    const again = await after.next();
    expect(again.delivery).toMatchObject({ attempt: 2, record: sampleRecord('1'), message: { id: 'm1' } });
    again.finish();
    (await after.next()).finish();
    (await after.next()).finish();
    expect(after.taken).toEqual(['m1#2', 'm2#1', 'm3#1']);
  });

  test('mail that no worker was told of is found when work starts', async () => {
    const place = await usePlace(createStore);
    await place.store.putUnheard('k', sampleMessage('unheard1'));
    await place.store.putUnheard('k', sampleMessage('unheard2'));
    const { mailbox } = await place.open();
    expect(await mailbox.put('k', sampleMessage('unheard1'))).toBe('seen');
    const desk = place.desk(mailbox, { answer: async () => {} });
    await until(() => desk.taken.length === 2);
    expect(desk.taken).toEqual(['unheard1#1', 'unheard2#1']);
  });
}

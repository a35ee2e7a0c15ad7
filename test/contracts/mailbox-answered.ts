import { expect, test } from 'vitest';
import { controlKey } from '../../src/core/addressing.ts';
import { maxAttempts } from '../../src/core/retry.ts';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import { sampleMessage, sampleRecord } from './samples.ts';
import type { CreateStore } from './store.ts';

export function remembersTheLast(createStore: CreateStore): void {
  test('the message that was answered last and its last record are known, also to the next one and after a restart', async () => {
    const place = await usePlace(createStore);
    const before = await place.open();
    const desk = place.desk(before.mailbox);
    for (const id of ['m1', 'm2', 'm3']) await before.mailbox.put('k', sampleMessage(id));
    const first = await desk.next();
    expect(await first.delivery.before()).toBeUndefined();
    expect(await before.mailbox.answered('k')).toBeUndefined();
    await first.delivery.note(sampleRecord('1'));
    await first.delivery.note(sampleRecord('2'));
    first.finish();
    const second = await desk.next();
    const answered = { message: sampleMessage('m1'), record: sampleRecord('2') };
    expect(await second.delivery.before()).toEqual(answered);
    await second.delivery.note(sampleRecord('3'));
    expect(await before.mailbox.answered('k')).toEqual(answered);
    second.finish();
    await desk.next();
    await desk.leave();
    await before.close();
    const { mailbox } = await place.open();
    const newer = { message: sampleMessage('m2'), record: sampleRecord('3') };
    expect(await mailbox.answered('k')).toEqual(newer);
    expect(await (await place.desk(mailbox).next()).delivery.before()).toEqual(newer);
    expect(await mailbox.answered('other')).toBeUndefined();
  });

  test('one that noted nothing is the last all the same', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    for (const id of ['m1', 'm2']) await mailbox.put('k', sampleMessage(id));
    const first = await desk.next();
    await first.delivery.note(sampleRecord('1'));
    first.finish();
    (await desk.next()).finish();
    await until(async () => (await mailbox.keys()).length === 0);
    expect(await mailbox.answered('k')).toEqual({
      message: sampleMessage('m2'),
      record: { generation: 0, posted: [] },
    });
  });

  test('a dead letter makes the one before it no longer the last', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [1] });
    const desk = place.desk(mailbox);
    for (const id of ['good', 'bad']) await mailbox.put('k', sampleMessage(id));
    (await desk.next()).finish();
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) (await desk.next()).fail();
    await until(() => desk.givenUp.length === 1);
    expect(await mailbox.answered('k')).toBeUndefined();
  });

  test('of commands nothing is kept', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const key = controlKey('k');
    const desk = place.desk(mailbox);
    await mailbox.put(key, sampleMessage('stop'));
    (await desk.next()).finish();
    await until(async () => (await mailbox.keys()).length === 0);
    expect(await mailbox.answered(key)).toBeUndefined();
  });

  test('a line is told and counted, in hand or not', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    expect([await mailbox.line('k'), await mailbox.count('k')]).toEqual([[], 0]);
    for (const id of ['m1', 'm2', 'm3']) await mailbox.put('k', sampleMessage(id));
    await mailbox.put('other', sampleMessage('o'));
    expect(await mailbox.count('k')).toBe(3);
    const desk = place.desk(mailbox, { concurrency: 1 });
    (await desk.next()).finish();
    await until(async () => (await mailbox.count('k')) === 2);
    expect((await mailbox.line('k')).map(({ id }) => id)).toEqual(['m2', 'm3']);
  });
}

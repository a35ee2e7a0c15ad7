import { expect, test } from 'vitest';
import { DeliveryLost, Postponed } from '../../src/core/errors.ts';
import { maxAttempts } from '../../src/core/retry.ts';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import { sampleMessage, sampleRecord } from './samples.ts';
import type { CreateStore } from './store.ts';

const nothing = { generation: 3, posted: [] };

export function countsAnew(createStore: CreateStore): void {
  test('an attempt that gets further is the first again, and one that repeats what is known is not', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [1] });
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
      const held = await desk.next();
      await held.delivery.note(nothing);
      held.fail();
    }
    const last = await desk.next();
    await last.delivery.note(sampleRecord('1'));
    last.fail();
    for (let attempt = 2; attempt <= maxAttempts; attempt += 1) {
      const held = await desk.next();
      await held.delivery.note(held.delivery.record ?? nothing);
      held.fail();
    }
    await until(() => desk.givenUp.length === 1);
    const counts = [1, 2, 3, 4, 5, 2, 3, 4, 5];
    expect(desk.taken).toEqual(counts.map((attempt) => `m#${attempt}`));
    expect(await mailbox.deadLetters()).toMatchObject([{ message: { id: 'm' }, record: sampleRecord('1') }]);
  });

  test('what got further and is postponed then has used no attempt', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [1] });
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    (await desk.next()).fail();
    const held = await desk.next();
    await held.delivery.note(sampleRecord('1'));
    held.fail(new Postponed(1));
    (await desk.next()).fail(new Postponed(1));
    (await desk.next()).finish();
    expect(desk.taken).toEqual(['m#1', 'm#2', 'm#1', 'm#1']);
  });

  test('a former attempt that gets further, too late, counts for nothing', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [1] });
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    const former = await desk.next();
    former.fail();
    const held = await desk.next();
    await expect(former.delivery.note(sampleRecord('late'))).rejects.toThrow(DeliveryLost);
    held.fail();
    expect((await desk.next()).delivery).toMatchObject({ attempt: 3, record: undefined });
  });
}

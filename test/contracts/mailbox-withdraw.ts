import { expect, test } from 'vitest';
import { bury } from './bury.ts';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import { sampleMessage, sampleRecord } from './samples.ts';
import type { CreateStore } from './store.ts';

export function withdrawsWhatWaits(createStore: CreateStore): void {
  test('a message that waits is taken away, and those around it are answered', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    for (const id of ['m1', 'm2', 'm3']) await mailbox.put('k', sampleMessage(id));
    const held = await desk.next();
    expect(await mailbox.withdraw('k', 'm2')).toBe(true);
    expect(await mailbox.withdraw('k', 'm2')).toBe(false);
    expect((await mailbox.line('k')).map(({ id }) => id)).toEqual(['m1', 'm3']);
    held.finish();
    (await desk.next()).finish();
    expect(desk.taken).toEqual(['m1#1', 'm3#1']);
  });

  test('what is in hand, or was, is left, and so is that of another line', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [60_000] });
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    const held = await desk.next();
    expect(await mailbox.withdraw('k', 'm')).toBe(false);
    expect(await mailbox.withdraw('other', 'm')).toBe(false);
    await held.delivery.note(sampleRecord('1'));
    held.fail();
    await desk.stop();
    expect(await mailbox.withdraw('k', 'm')).toBe(false);
    expect(await mailbox.count('k')).toBe(1);
  });

  test('a dead letter that waits again behind another is taken away, whatever it has brought along', async () => {
    const { mailbox, replay } = await bury(createStore, 'm1');
    await mailbox.put('k', sampleMessage('m2'));
    await replay();
    expect(await mailbox.withdraw('k', 'm1')).toBe(true);
    expect(await mailbox.line('k')).toEqual([sampleMessage('m2')]);
  });

  test('the only message of a line is taken away: nobody is given it, and the line goes on', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    await mailbox.put('k', sampleMessage('m1'));
    // Nothing of it is left for the one after it.
    expect(await mailbox.stop('k', 'm1')).toBe(true);
    expect(await mailbox.withdraw('k', 'm1')).toBe(true);
    expect(await mailbox.keys()).toEqual([]);
    expect(await mailbox.put('k', sampleMessage('m1'))).toBe('seen');
    await mailbox.put('k', sampleMessage('m2'));
    const desk = place.desk(mailbox);
    const held = await desk.next();
    expect(await held.delivery.isStopped()).toBe(false);
    held.finish();
    await until(async () => (await mailbox.count('k')) === 0);
    expect(desk.taken).toEqual(['m2#1']);
  });
}

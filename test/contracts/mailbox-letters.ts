import { expect, test } from 'vitest';
import type { DeadLetter, Mailbox } from '../../src/core/ports/store.ts';
import { maxAttempts } from '../../src/core/retry.ts';
import { until } from './desk.ts';
import { type Place, usePlace } from './place.ts';
import { sampleMessage, sampleRecord } from './samples.ts';
import type { CreateStore } from './store.ts';

const quick = { retryDelaysMs: [1] };

/** Lets these messages, each in a line of its name, become dead letters; each has noted its own record. */
async function bury(place: Place, mailbox: Mailbox, ...ids: string[]): Promise<DeadLetter[]> {
  const before = (await mailbox.deadLetters()).length;
  const desk = place.desk(mailbox, {
    async answer({ message, note }) {
      await note({ ...sampleRecord(message.id), away: { since: 1, failures: 4 } });
      throw new Error('no');
    },
  });
  for (const id of ids) {
    await mailbox.put(id, { ...sampleMessage(id), isCut: true, openUntil: Date.now() + 5 });
    await until(async () => (await mailbox.deadLetters()).length > before + ids.indexOf(id));
  }
  await desk.stop();
  return (await mailbox.deadLetters()).slice(before);
}

export function keepsDeadLetters(createStore: CreateStore): void {
  test('each has an id that can be typed, that no other has or had, and its record', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const letters = await bury(place, mailbox, 'a', 'b');
    expect(letters).toMatchObject([
      { key: 'a', message: { id: 'a' }, reason: 'Error: no', record: sampleRecord('a') },
      { key: 'b', message: { id: 'b' }, reason: 'Error: no', record: sampleRecord('b') },
    ]);
    expect(await mailbox.purge()).toBe(2);
    expect(await mailbox.deadLetters()).toEqual([]);
    const ids = [...letters, ...(await bury(place, mailbox, 'c'))].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^[0-9a-z]{1,8}$/);
  });

  test('one that is replayed comes last in its line, with its record and all its attempts, though it was seen', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const [letter] = await bury(place, mailbox, 'a');
    const desk = place.desk(mailbox);
    await mailbox.put('a', sampleMessage('m1'));
    const held = await desk.next();
    await mailbox.put('a', sampleMessage('m2'));
    expect(await mailbox.replay(letter?.id ?? '')).toBe(true);
    expect(await mailbox.deadLetters()).toEqual([]);
    expect((await mailbox.line('a')).map(({ id }) => id)).toEqual(['m1', 'm2', 'a']);
    await mailbox.put('a', sampleMessage('m3'));
    expect(held.delivery.record).toBeUndefined();
    held.finish();
    const second = await desk.next();
    expect(second.delivery.record).toBeUndefined();
    second.finish();
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const again = await desk.next();
      const { openUntil: _, ...message } = letter?.message ?? sampleMessage('');
      expect(again.delivery).toMatchObject({ attempt, record: sampleRecord('a') });
      expect(again.delivery.message).toEqual(message);
      expect(again.delivery.record?.away).toBeUndefined();
      again.fail();
    }
    const third = await desk.next();
    expect([third.id, third.delivery.record]).toEqual(['m3', undefined]);
    const [anew] = await mailbox.deadLetters();
    expect(anew).toMatchObject({ message: { id: 'a' }, record: sampleRecord('a') });
    expect(anew?.id).not.toBe(letter?.id);
  });

  test('one that is replayed into an empty line is given at once, and after a restart too', async () => {
    const place = await usePlace(createStore);
    const before = await place.open(quick);
    const [a, b] = await bury(place, before.mailbox, 'a', 'b');
    const desk = place.desk(before.mailbox);
    await before.mailbox.replay(a?.id ?? '');
    (await desk.next()).finish();
    await desk.stop();
    await before.mailbox.replay(b?.id ?? '');
    await before.close();
    const { mailbox } = await place.open(quick);
    const { delivery } = await place.desk(mailbox).next();
    expect(delivery).toMatchObject({ attempt: 1, message: { id: 'b' }, record: sampleRecord('b') });
    expect(await mailbox.deadLetters()).toEqual([]);
  });

  test('replayed many times at once, it is there once', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const [letter] = await bury(place, mailbox, 'a');
    const replays = await Promise.all(Array.from({ length: 8 }, () => mailbox.replay(letter?.id ?? '')));
    expect(replays.filter(Boolean)).toHaveLength(1);
    expect(await mailbox.count('a')).toBe(1);
    expect(await mailbox.replay(letter?.id ?? '')).toBe(false);
  });

  test('an id that there is not is said not to be there', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    await bury(place, mailbox, 'a');
    expect(await mailbox.replay('nobody')).toBe(false);
    expect(await mailbox.purge('nobody')).toBe(0);
    expect(await mailbox.purge('')).toBe(0);
    expect(await mailbox.deadLetters()).toHaveLength(1);
  });

  test('one that is purged is gone, and the others stay, the oldest first', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const letters = await bury(place, mailbox, 'a', 'b', 'c');
    expect(await mailbox.purge(letters[1]?.id)).toBe(1);
    expect(await mailbox.replay(letters[1]?.id ?? '')).toBe(false);
    expect(await mailbox.deadLetters()).toEqual([letters[0], letters[2]]);
    expect(await mailbox.purge()).toBe(2);
  });

  test('the command line sees, replays and purges beside a bridge that is at work', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open(quick);
    const letters = await bury(place, mailbox, 'a', 'b', 'c');
    const desk = place.desk(mailbox);
    await mailbox.put('k', sampleMessage('m'));
    const held = await desk.next();
    const commandLine = await place.store.openDeadLetters();
    expect(await commandLine.deadLetters()).toEqual(letters);
    expect(await commandLine.replay(letters[1]?.id ?? '')).toBe(true);
    expect(await commandLine.purge(letters[0]?.id)).toBe(1);
    await commandLine.close();
    const again = await desk.next();
    expect(again.delivery).toMatchObject({ attempt: 1, key: 'b', record: sampleRecord('b') });
    expect(held.delivery.lost.aborted).toBe(false);
    again.finish();
    held.finish();
    expect(await mailbox.deadLetters()).toEqual([letters[2]]);
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import { sampleMessage } from './samples.ts';
import type { CreateStore } from './store.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

export function keepsOrder(createStore: CreateStore): void {
  test('what is put arrives as it was put', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const message = sampleMessage(
      'm1',
      'line\nbreak \u0000 nul, "quotes", lone \ud800 half, 7384659201837465011',
    );
    expect(await mailbox.put('key 键', message)).toBe('stored');
    const held = await place.desk(mailbox).next();
    expect(held.delivery).toMatchObject({ key: 'key 键', attempt: 1, record: undefined, message });
    expect(held.delivery.lost.aborted).toBe(false);
  });

  test('20 conversations of 20 messages are answered in order, none lost and none twice', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const answered = new Map<string, string[]>();
    let running = 0;
    let most = 0;
    const atWork = new Set<string>();
    const desk = place.desk(mailbox, {
      async answer({ key, message }) {
        expect(atWork.has(key)).toBe(false);
        atWork.add(key);
        running += 1;
        most = Math.max(most, running);
        await sleep(Math.random() * 4);
        answered.set(key, [...(answered.get(key) ?? []), message.id]);
        running -= 1;
        atWork.delete(key);
      },
    });
    const keys = numbers(20).map((key) => `k${key}`);
    await Promise.all(
      keys.map(async (key) => {
        for (const number of numbers(20)) {
          await mailbox.put(key, sampleMessage(`${key}/${number}`));
          if (Math.random() < 0.2) await sleep(Math.random() * 5);
        }
      }),
    );
    const total = () => [...answered.values()].reduce((sum, ids) => sum + ids.length, 0);
    await until(() => total() >= 400);
    await desk.stop();
    for (const key of keys)
      expect(answered.get(key)).toEqual(numbers(20).map((number) => `${key}/${number}`));
    // A rejected `expect` inside a handler would show as a second attempt.
    expect(desk.taken).toHaveLength(400);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });

  test('conversations run side by side, and a slow one holds up only itself', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox, { concurrency: 2 });
    await mailbox.put('slow', sampleMessage('slow1'));
    await mailbox.put('slow', sampleMessage('slow2'));
    const slow = await desk.next();
    for (const number of numbers(3)) {
      await mailbox.put('quick', sampleMessage(`quick${number}`));
      (await desk.next()).finish();
    }
    expect(desk.taken).toEqual(['slow1#1', 'quick1#1', 'quick2#1', 'quick3#1']);
    slow.finish();
    expect((await desk.next()).id).toBe('slow2');
  });

  test('no more conversations than asked for are worked on at once', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox, { concurrency: 2 });
    for (const number of numbers(3)) await mailbox.put(`k${number}`, sampleMessage(`m${number}`));
    const first = await desk.next();
    await desk.next();
    await sleep(50);
    expect(desk.taken).toHaveLength(2);
    first.finish();
    expect((await desk.next()).id).toBe('m3');
  });

  test('a conversation with much mail does not keep another waiting for all of it', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    for (const number of numbers(5)) await mailbox.put('much', sampleMessage(`much${number}`));
    await mailbox.put('little', sampleMessage('little'));
    const desk = place.desk(mailbox, { concurrency: 1, answer: async () => {} });
    await until(() => desk.taken.length === 6);
    expect(desk.taken.at(-1)).toBe('much5#1');
  });

  test('a message that is put again is seen, also after its answer and also at the same moment', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const puts = await Promise.all(numbers(10).map(() => mailbox.put('k', sampleMessage('same'))));
    expect(puts.filter((result) => result === 'stored')).toHaveLength(1);
    expect(puts.filter((result) => result === 'seen')).toHaveLength(9);
    const desk = place.desk(mailbox);
    (await desk.next()).finish();
    await mailbox.put('k', sampleMessage('next'));
    (await desk.next()).finish();
    expect([await mailbox.knows('same'), await mailbox.knows('another')]).toEqual([true, false]);
    expect(await mailbox.put('k', sampleMessage('same', 'edited'))).toBe('seen');
    expect(await mailbox.put('another key', sampleMessage('same'))).toBe('seen');
    await mailbox.put('k', sampleMessage('last'));
    await desk.next();
    expect(desk.taken).toEqual(['same#1', 'next#1', 'last#1']);
  });

  test('a handler may put mail, also to its own conversation', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox, {
      concurrency: 1,
      async answer({ message }) {
        if (message.id !== 'm1') return;
        await mailbox.put('k', sampleMessage('m2'));
        await mailbox.put('other', sampleMessage('o1'));
      },
    });
    await mailbox.put('k', sampleMessage('m1'));
    await until(() => desk.taken.length === 3);
    expect([...desk.taken].sort()).toEqual(['m1#1', 'm2#1', 'o1#1']);
  });

  test('mail that comes just as the handler of its conversation ends is answered', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    const rounds = 60;
    let coming: Promise<unknown> = mailbox.put('k', sampleMessage('m0'));
    for (const round of numbers(rounds)) {
      const held = await desk.next();
      await coming;
      const put = () => mailbox.put('k', sampleMessage(`m${round}`));
      const turns = round % 6;
      // Each round the two meet a little earlier or later.
      if (turns === 0) coming = put();
      held.finish();
      for (let turn = 1; turn < turns; turn += 1) {
        await (turn % 2 ? Promise.resolve() : new Promise((resolve) => setImmediate(resolve)));
      }
      if (turns > 0) coming = put();
    }
    await desk.next();
    expect(desk.taken).toEqual(Array.from({ length: rounds + 1 }, (_, index) => `m${index}#1`));
  });
}

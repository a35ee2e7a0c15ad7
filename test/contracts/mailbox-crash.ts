import { expect, test } from 'vitest';
import { maxAttempts, maxDeaths } from '../../src/core/retry.ts';
import { until } from './desk.ts';
import type { MailChild, Report } from './mail-child.ts';
import { type Place, usePlace } from './place.ts';
import { sampleMessage, sampleRecord } from './samples.ts';
import type { CreateStore } from './store.ts';

/** Each test starts whole processes, and a home may have to wait until their locks run out. */
const slow = { timeout: 120_000 };

const takeOf = (id: string) => (report: Report) => report.type === 'take' && report.id === id;

export function outlivesItsProcess(createStore: CreateStore): void {
  test('two kills in the middle of an answer lose nothing and repeat only that answer', slow, async () => {
    const place = await usePlace(createStore);
    await fill(place, { k: ['m1', 'm2', 'm3'] });

    const first = place.child();
    await first.report(takeOf('m1'));
    first.order({ do: 'finish', id: 'm1' });
    await first.report(takeOf('m2'));
    first.order({ do: 'note', id: 'm2', record: sampleRecord('1') });
    await first.report((report) => report.type === 'noted');
    await first.kill();

    const second = place.child();
    expect(await second.report(takeOf('m2'))).toMatchObject({ attempt: 2, record: sampleRecord('1') });
    await second.kill();

    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    const held = await desk.next();
    expect(held.delivery.record).toEqual(sampleRecord('1'));
    held.finish();
    (await desk.next()).finish();
    await mailbox.put('k', sampleMessage('m4'));
    await desk.next();
    expect(desk.taken).toEqual(['m2#3', 'm3#1', 'm4#1']);
    expect(takes(first)).toEqual(['m1#1', 'm2#1']);
    expect(takes(second)).toEqual(['m2#2']);
  });

  test('kills at any moment keep every conversation in order and lose nothing', slow, async () => {
    const place = await usePlace(createStore);
    const ids = (key: string) => [1, 2, 3, 4, 5, 6].map((number) => `${key}/${number}`);
    const keys = ['a', 'b', 'c', 'd'];
    await fill(place, Object.fromEntries(keys.map((key) => [key, ids(key)])));
    const seen: string[] = [];
    const finishAll = (report: Report, child: MailChild) => {
      if (report.type !== 'take') return;
      seen.push(report.id);
      child.order({ do: 'finish', id: report.id });
    };
    for (const takesBeforeKill of [3, 9]) {
      const child = place.child(finishAll);
      await until(() => takes(child).length >= takesBeforeKill);
      await child.kill();
    }
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox, { answer: async ({ message }) => void seen.push(message.id) });
    await until(() => keys.every((key) => seen.includes(`${key}/6`)));
    await desk.stop();
    // Only what was in hand at a kill may come again, and nothing of its conversation comes in between.
    for (const key of keys) {
      const line = seen.filter((id) => id.startsWith(key));
      expect(line.filter((id, index) => id !== line[index - 1])).toEqual(ids(key));
    }
  });

  test('a message that kills its worker every time is found out, and the next one follows', {
    timeout: 400_000,
  }, async () => {
    const place = await usePlace(createStore);
    await fill(place, { k: ['killer', 'next'] });
    for (let attempt = 1; attempt <= maxDeaths; attempt += 1) {
      const child = place.child();
      expect(await child.report(takeOf('killer'))).toMatchObject({ attempt });
      await child.kill();
    }
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    (await desk.next()).finish();
    expect(desk.taken).toEqual(['next#1']);
    expect(desk.givenUp).toEqual([{ take: `killer#${maxDeaths}`, error: expect.any(Error) }]);
    const [letter] = await mailbox.deadLetters();
    expect(letter).toMatchObject({ key: 'k', message: sampleMessage('killer') });
    expect(letter?.reason).toMatch(/worker/);
  });

  test('attempts that were not lived through are not counted with those that failed', slow, async () => {
    const place = await usePlace(createStore);
    await fill(place, { k: ['m'] });
    for (let death = 1; death <= maxAttempts; death += 1) {
      const child = place.child();
      await child.report(takeOf('m'));
      await child.kill();
    }
    const { mailbox } = await place.open({ retryDelaysMs: [1] });
    const desk = place.desk(mailbox);
    for (let failure = 1; failure <= maxAttempts; failure += 1) (await desk.next()).fail();
    await until(() => desk.givenUp.length === 1);
    expect(desk.givenUp).toEqual([{ take: `m#${2 * maxAttempts}`, error: expect.any(Error) }]);
  });

  test(
    'a process that was paused, and wakes when another has its message, changes nothing',
    slow,
    async () => {
      const place = await usePlace(createStore);
      await fill(place, { k: ['m1', 'm2'] });
      const paused = place.child();
      await paused.report(takeOf('m1'));
      paused.pause();
      await place.store.loseHold();

      const { mailbox } = await place.open({ retryDelaysMs: [5] });
      const desk = place.desk(mailbox);
      const held = await desk.next();
      expect(held.delivery).toMatchObject({ attempt: 2, message: { id: 'm1' } });
      await held.delivery.note(sampleRecord('mine'));

      paused.resume();
      paused.order({ do: 'note', id: 'm1', record: sampleRecord('late') });
      expect(await paused.report((report) => report.type === 'refused')).toMatchObject({
        error: 'DeliveryLost',
      });
      paused.order({ do: 'finish', id: 'm1' });
      await paused.report((report) => report.type === 'settled');
      expect(takes(paused)).toEqual(['m1#1']);
      await paused.kill();

      held.fail();
      const again = await desk.next();
      // It had got further: that attempt was the first.
      expect(again.delivery).toMatchObject({
        attempt: 2,
        record: sampleRecord('mine'),
        message: { id: 'm1' },
      });
      again.finish();
      (await desk.next()).finish();
      expect(desk.taken).toEqual(['m1#2', 'm1#2', 'm2#1']);
    },
  );

  test(
    'a process that was paused, and fails when another has its message, costs it no attempt',
    slow,
    async () => {
      const place = await usePlace(createStore);
      await fill(place, { k: ['m1', 'm2'] });
      const paused = place.child();
      await paused.report(takeOf('m1'));
      paused.pause();
      await place.store.loseHold();
      const { mailbox } = await place.open();
      const desk = place.desk(mailbox);
      const held = await desk.next();
      paused.resume();
      paused.order({ do: 'fail', id: 'm1' });
      await paused.report((report) => report.type === 'settled');
      await paused.kill();
      held.finish();
      (await desk.next()).finish();
      expect(desk.taken).toEqual(['m1#2', 'm2#1']);
      expect(await mailbox.deadLetters()).toEqual([]);
    },
  );
}

async function fill(place: Place, mail: Record<string, readonly string[]>): Promise<void> {
  const { mailbox, close } = await place.open();
  for (const [key, ids] of Object.entries(mail)) {
    for (const id of ids) await mailbox.put(key, sampleMessage(id));
  }
  await close();
}

const takes = (child: MailChild) =>
  child.reports.flatMap((report) => (report.type === 'take' ? [`${report.id}#${report.attempt}`] : []));

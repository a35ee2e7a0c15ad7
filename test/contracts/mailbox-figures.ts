import { expect, test } from 'vitest';
import { maxAttempts } from '../../src/core/retry.ts';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import { sampleMessage } from './samples.ts';
import type { CreateStore } from './store.ts';

export function tellsItsFigures(createStore: CreateStore): void {
  test('an empty one has none', async () => {
    const { mailbox } = await (await usePlace(createStore)).open();
    expect(await mailbox.figures()).toEqual({ lines: 0, oldestAt: undefined, deadLetters: 0, workers: 0 });
  });

  test('are the lines, and the time of the oldest of those that are first in one', async () => {
    const { mailbox } = await (await usePlace(createStore)).open();
    const put = (key: string, id: string, sentAt: number) =>
      mailbox.put(key, { ...sampleMessage(id, '"sentAt":1'), sentAt });
    await put('a', 'a1', 1_700_000_000_300);
    // It was written before, and came after: its turn is not before that of the first.
    await put('a', 'a2', 1_700_000_000_100);
    await put('b', 'b1', 1_700_000_000_200);
    expect(await mailbox.figures()).toMatchObject({ lines: 2, oldestAt: 1_700_000_000_200, deadLetters: 0 });
  });

  test('of a thousand lines are those of all', async () => {
    const { mailbox } = await (await usePlace(createStore)).open();
    const times = Array.from({ length: 1_001 }, (_, nth) => 1_700_000_001_000 - nth);
    await Promise.all(
      times.map((sentAt) => mailbox.put(`k${sentAt}`, { ...sampleMessage(`m${sentAt}`), sentAt })),
    );
    expect(await mailbox.figures()).toMatchObject({
      lines: 1_001,
      oldestAt: 1_700_000_000_000,
      deadLetters: 0,
    });
  });

  test('count what is in hand, and then what has become a dead letter', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open({ retryDelaysMs: [1] });
    const desk = place.desk(mailbox);
    await mailbox.put('a', sampleMessage('m'));
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const held = await desk.next();
      expect(await mailbox.figures()).toMatchObject({ lines: 1, deadLetters: 0 });
      held.fail();
    }
    await until(async () => (await mailbox.figures()).deadLetters === 1);
    expect(await mailbox.figures()).toMatchObject({ lines: 0, oldestAt: undefined, deadLetters: 1 });
  });

  test('count who works, from the start to the end', async () => {
    const place = await usePlace(createStore);
    const { mailbox } = await place.open();
    const desk = place.desk(mailbox);
    await until(async () => (await mailbox.figures()).workers === 1);
    await desk.stop();
    expect(await mailbox.figures()).toMatchObject({ workers: 0 });
  });
}

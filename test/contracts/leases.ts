import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { usePlace } from './place.ts';
import type { CreateStore } from './store.ts';

/** What every home's leases promise. */
export function leasesContract(name: string, createStore: CreateStore): void {
  describe(`leases on ${name}`, () => {
    const forever = new AbortController().signal;
    const noWait = () => expect.unreachable('nobody holds it');

    test('one holds it at a time; the next one is told to wait, once, and gets it when it is released', async () => {
      const { leases } = await (await usePlace(createStore)).open();
      const first = await leases.take('poll', forever, noWait);
      const events: string[] = [];
      const waits: Promise<void> = new Promise((resolve) => {
        const second = leases.take('poll', forever, () => {
          events.push('waits');
          resolve();
        });
        void second.then(() => events.push('holds'));
      });
      await waits;
      await breathe();
      expect(events).toEqual(['waits']);
      await first.release();
      await expect.poll(() => events, { timeout: 5_000 }).toEqual(['waits', 'holds']);
      expect(first.lost.aborted).toBe(false);
    });

    test('two names have nothing to do with each other', async () => {
      const { leases } = await (await usePlace(createStore)).open();
      await leases.take('one', forever, noWait);
      await leases.take('other', forever, noWait);
    });

    test('who does not want to wait any more holds nothing', async () => {
      const { leases } = await (await usePlace(createStore)).open();
      const first = await leases.take('poll', forever, noWait);
      const own = new AbortController();
      const second = leases.take('poll', own.signal, () => own.abort(new Error('enough')));
      await expect(second).rejects.toThrow('enough');
      await first.release();
      await leases.take('poll', forever, noWait);
    });

    test('one that was released twice is not taken from its next holder', async () => {
      const { leases } = await (await usePlace(createStore)).open();
      const first = await leases.take('poll', forever, noWait);
      await first.release();
      await leases.take('poll', forever, noWait);
      await first.release();
      const own = new AbortController();
      const third = leases.take('poll', own.signal, () => own.abort(new Error('held')));
      await expect(third).rejects.toThrow('held');
    });
  });
}

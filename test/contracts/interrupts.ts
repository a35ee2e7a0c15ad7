import { describe, expect, test } from 'vitest';
import type { Interrupt } from '../../src/core/ports/store.ts';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import type { CreateStore } from './store.ts';

/** What every home's interrupts promise. */
export function interruptsContract(name: string, createStore: CreateStore): void {
  describe(`interrupts on ${name}`, () => {
    test('every listener of this process hears what is sent, in order', async () => {
      const { interrupts } = await (await usePlace(createStore)).open();
      const first: Interrupt[] = [];
      const second: Interrupt[] = [];
      interrupts.listen((interrupt) => first.push(interrupt));
      interrupts.listen((interrupt) => second.push(interrupt));
      const sent = [
        { key: 'k 键', generation: 1 },
        { key: 'other', generation: 20 },
      ];
      for (const interrupt of sent) await interrupts.send(interrupt);
      await until(() => first.length === 2 && second.length === 2);
      expect(first).toEqual(sent);
      expect(second).toEqual(sent);
    });

    test('a listener that throws keeps neither the sender nor the others from going on', async () => {
      const { interrupts } = await (await usePlace(createStore)).open();
      const heard: Interrupt[] = [];
      interrupts.listen(() => {
        throw new Error('a listener failed');
      });
      interrupts.listen((interrupt) => heard.push(interrupt));
      await interrupts.send({ key: 'k', generation: 1 });
      await until(() => heard.length === 1);
    });

    test('one that nobody listens to is lost, and that is no error', async () => {
      const { interrupts } = await (await usePlace(createStore)).open();
      await interrupts.send({ key: 'k', generation: 1 });
    });
  });
}

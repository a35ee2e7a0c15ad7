import type { Mailbox } from '../../src/core/ports/store.ts';
import { until } from './desk.ts';
import { usePlace } from './place.ts';
import { sampleMessage, sampleRecord } from './samples.ts';
import type { CreateStore } from './store.ts';

interface Buried {
  readonly mailbox: Mailbox;
  /** Puts it at the end of its line again. */
  replay(): Promise<void>;
}

/** A message of the line `k` that has failed until it was a dead letter, with a record; nobody works there any more. */
export async function bury(createStore: CreateStore, id: string): Promise<Buried> {
  const place = await usePlace(createStore);
  const { mailbox } = await place.open({ retryDelaysMs: [1] });
  const desk = place.desk(mailbox, {
    async answer({ note }) {
      await note(sampleRecord('1'));
      throw new Error('no');
    },
  });
  await mailbox.put('k', sampleMessage(id));
  await until(() => desk.givenUp.length === 1);
  await desk.stop();
  const [letter] = await mailbox.deadLetters();
  return { mailbox, replay: async () => void (await mailbox.replay(letter?.id ?? '')) };
}

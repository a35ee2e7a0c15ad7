import { describe, expect, test } from 'vitest';
import { inbound } from '../support/fake-platform.ts';
import { createDelivery } from '../support/fake-store.ts';
import { createTurnRig, failure } from '../support/turn-rig.ts';

/** A question for this conversation of Coze. */
const given = (conversationId: string) => ({ ...inbound('hi'), enclosure: { conversationId } });

const placesOf = ({ coze }: ReturnType<typeof createTurnRig>) =>
  coze.asked.map(({ conversationId }) => conversationId);

describe('a question that names its conversation', () => {
  test('is asked there, and so is what comes after it', async () => {
    const rig = createTurnRig();
    await rig.turn(createDelivery(given('77')));
    await rig.turn();
    expect(placesOf(rig)).toEqual(['77', '77']);
    expect(rig.coze.opened).toBe(0);
  });

  test('is asked there whatever was said elsewhere before, or is named later', async () => {
    const rig = createTurnRig();
    for (const delivery of [inbound('hi'), given('77'), given('88'), inbound('hi')])
      await rig.turn(createDelivery(delivery));
    expect(placesOf(rig)).toEqual(['1', '77', '88', '88']);
  });

  test('and was going to be asked stays where it is, though that is another one by now', async () => {
    const rig = createTurnRig();
    // Coze does not know it: it goes on in a new one, and breaks off.
    rig.coze.next(failure('gone'));
    rig.coze.next(failure('busy', { retryable: true }));
    const delivery = createDelivery(given('77'));
    await expect(rig.turn(delivery)).rejects.toThrow('busy');
    await rig.turn(createDelivery(given('77'), { attempt: 2, record: delivery.notes.at(-1) }));
    expect(placesOf(rig)).toEqual(['77', '1', '1']);
  });
});

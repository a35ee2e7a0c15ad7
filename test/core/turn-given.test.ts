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

  test('goes on there after a failure, also when what was said elsewhere is remembered', async () => {
    const rig = createTurnRig();
    await rig.turn(createDelivery(inbound('hi')));
    rig.coze.next(failure('busy', { retryable: true }));
    const delivery = createDelivery(given('77'));
    await expect(rig.turn(delivery)).rejects.toThrow('busy');
    await rig.turn(createDelivery(given('77'), { attempt: 2, record: delivery.notes.at(-1) }));
    await rig.turn();
    expect(placesOf(rig)).toEqual(['1', '77', '77', '77']);
  });

  test('is asked nowhere else when Coze does not know it, and what comes after it goes on as before', async () => {
    const rig = createTurnRig();
    await rig.turn(createDelivery(inbound('hi')));
    rig.coze.next(failure('gone'));
    expect(await rig.turn(createDelivery(given('77')))).toMatchObject({
      outcome: 'failed',
      failure: { kind: 'gone' },
    });
    await rig.turn(createDelivery(inbound('and?')));
    expect(placesOf(rig)).toEqual(['1', '77', '1']);
    expect(await rig.conversations.find('key')).toMatchObject({ conversationId: '1' });
  });

  test('is found there by the attempt after one that died, and stays there', async () => {
    const rig = createTurnRig();
    rig.coze.nextFound({ conversationId: '77', chatId: 'c1' });
    rig.coze.nextRecovery({ text: 'Well.' });
    const record = { generation: 0, asking: '77', posted: [] };
    await rig.turn(createDelivery(given('77'), { attempt: 2, record }));
    await rig.turn();
    expect(placesOf(rig)).toEqual(['77']);
  });
});

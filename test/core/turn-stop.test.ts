import { describe, expect, test } from 'vitest';
import { CozeFailed } from '../../src/core/errors.ts';
import type { TurnRecord } from '../../src/core/ports/store.ts';
import { created, text } from '../support/fake-coze.ts';
import { inbound } from '../support/fake-platform.ts';
import { createDelivery } from '../support/fake-store.ts';
import { createTurnRig } from '../support/turn-rig.ts';

const sentence = 'The quick brown fox jumps over the lazy dog.';

describe('a wish to stop', () => {
  test('that is there before Coze is asked keeps it from being asked', async () => {
    const rig = createTurnRig();
    const delivery = createDelivery(inbound('hi'));
    delivery.stop();
    await rig.turn(delivery);
    expect(rig.coze.asked).toEqual([]);
    expect(rig.platform.screen).toEqual(['⏹ Stopped.']);
  });

  test('that comes before Coze has named the chat is kept, and obeyed then', async () => {
    const rig = createTurnRig();
    const delivery = createDelivery(inbound('hi'));
    rig.coze.next(created('c1'), text(sentence), 'hang');
    const { openConversation } = rig.coze;
    rig.coze.openConversation = () => {
      delivery.stop();
      return openConversation();
    };
    await rig.turn(delivery);
    expect(rig.coze.cancelled).toEqual([{ conversationId: '1', chatId: 'c1' }]);
    expect(rig.platform.screen).toEqual(['⏹ Stopped.']);
  });

  test('that comes while the question waits in line ends it at once, unasked', async () => {
    const rig = createTurnRig();
    const delivery = createDelivery(inbound('hi'));
    rig.coze.next(new CozeFailed({ kind: 'busy', retryable: true, isLimit: true, retryAfterMs: 30_000 }));
    const ended = rig.turn(delivery);
    await rig.clock.settle();
    rig.running.interrupt({ key: delivery.key, stop: delivery.message.id });
    await rig.clock.settle();
    expect(rig.platform.screen).toEqual(['⏹ Stopped.']);
    expect((await ended).outcome).toBe('stopped');
    expect(rig.coze.asked).toHaveLength(1);
    expect(rig.coze.cancelled).toEqual([]);
  });

  test('keeps what was shown, marks it, and does not wait for Coze to say yes', async () => {
    const rig = createTurnRig();
    const delivery = createDelivery(inbound('hi'));
    rig.coze.next(created('c1'), text(sentence), 'hang');
    let isCancelled = false;
    rig.coze.cancel = async () => {
      await rig.clock.sleep(20_000);
      isCancelled = true;
    };
    const ended = rig.turn(delivery);
    await rig.clock.settle();
    rig.running.interrupt({ key: delivery.key, stop: delivery.message.id });
    await rig.clock.settle();
    expect(rig.platform.screen).toEqual([`${sentence}\n\n⏹ Stopped.`]);
    expect(isCancelled).toBe(false);
    // But the turn is not over before: the next question would be refused.
    await ended;
    expect(isCancelled).toBe(true);
  });

  test('that another process took is seen by the next attempt', async () => {
    const rig = createTurnRig();
    const chat = { conversationId: '1', chatId: 'c1' };
    const record: TurnRecord = { generation: 0, chat, posted: [] };
    const delivery = createDelivery(inbound('hi'), { attempt: 2, record });
    delivery.stop();
    await rig.turn(delivery);
    expect(rig.coze.cancelled).toEqual([chat]);
    expect(rig.coze.recovered).toEqual([]);
    expect(rig.platform.screen).toEqual(['⏹ Stopped.']);
  });

  test('that only the store has heard of is seen before a question that had to wait is asked', async () => {
    const rig = createTurnRig();
    const delivery = createDelivery(inbound('hi'));
    rig.coze.next(new CozeFailed({ kind: 'busy', retryable: true, isLimit: true }));
    const { ask } = rig.coze;
    Object.assign(rig.coze, {
      ask(...question: Parameters<typeof ask>) {
        delivery.stop();
        return ask(...question);
      },
    });
    expect(await rig.turn(delivery)).toMatchObject({ outcome: 'stopped' });
    expect(rig.coze.asked).toHaveLength(1);
  });

  test('that comes while the last of it is written changes nothing: it is all there', async () => {
    const rig = createTurnRig();
    const delivery = createDelivery(inbound('hi'));
    rig.coze.next(created('c1'), { type: 'done', answer: { text: sentence } });
    const { post } = rig.platform.sender;
    const sender = {
      ...rig.platform.sender,
      async post(...to: Parameters<typeof post>) {
        const ref = await post(...to);
        rig.running.interrupt({ key: delivery.key, stop: delivery.message.id });
        return ref;
      },
    };
    expect((await rig.turn(delivery, sender)).outcome).toBe('answered');
    expect(rig.platform.screen).toEqual([sentence]);
  });
});

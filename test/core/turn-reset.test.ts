import { beforeEach, describe, expect, test } from 'vitest';
import { DeliveryLost } from '../../src/core/errors.ts';
import { created, done, text } from '../support/fake-coze.ts';
import { inbound } from '../support/fake-platform.ts';
import { createDelivery } from '../support/fake-store.ts';
import { createTurnRig } from '../support/turn-rig.ts';

let { clock, platform, coze, conversations, running, turn } = createTurnRig();

beforeEach(() => {
  ({ clock, platform, coze, conversations, running, turn } = createTurnRig());
});

describe('a reset', () => {
  async function reset() {
    const { generation } = await conversations.reset('key', 'r1');
    running.interrupt({ key: 'key', generation });
  }

  test('stops the running answer at Coze and keeps what was shown, marked', async () => {
    coze.next(created('c1'), text('The beginning of an answer'), 'hang');
    const ended = turn();
    await clock.settle();
    await reset();
    expect(await ended).toMatchObject({ outcome: 'stopped' });
    expect(coze.cancelled).toEqual([{ conversationId: '1', chatId: 'c1' }]);
    expect(platform.screen).toEqual(['The beginning of an answer\n\n⏹ Stopped.']);
  });

  test('is kept until Coze has named the chat', async () => {
    let release = () => {};
    const named = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { ask } = coze;
    coze.ask = async function* (question, signal) {
      await named;
      yield* ask(question, signal);
    };
    coze.next(created('c1'), text('too late'), 'hang');
    const ended = turn();
    await clock.settle();
    await reset();
    expect(coze.cancelled).toEqual([]);
    release();
    expect(await ended).toMatchObject({ outcome: 'stopped' });
    expect(coze.cancelled).toHaveLength(1);
  });

  test('that was heard by nobody is found in the store', async () => {
    coze.next(created('c1'), text('too late'), 'hang');
    const { ask } = coze;
    coze.ask = async function* (question, signal) {
      await conversations.reset('key', 'unheard');
      yield* ask(question, signal);
    };
    expect(await turn()).toMatchObject({ outcome: 'stopped' });
  });

  test('that came while the conversation was opened puts the question into the new one', async () => {
    const { openConversation } = coze;
    let first = true;
    coze.openConversation = async () => {
      if (first) await conversations.reset('key', 'r1');
      first = false;
      return openConversation();
    };
    await turn();
    expect(coze.asked.map(({ conversationId }) => conversationId)).toEqual(['2']);
  });

  test('ends a long answer that is still being written out where it is', async () => {
    const rig = createTurnRig({ limit: 10 });
    rig.coze.next(created('c1'), done('0123456789'.repeat(20)));
    const ended = rig.turn();
    await rig.clock.advance(3_000);
    const { generation } = await rig.conversations.reset('key', 'r1');
    rig.running.interrupt({ key: 'key', generation });
    expect(await ended).toMatchObject({ outcome: 'stopped' });
    expect(rig.platform.screen.length).toBeLessThan(10);
    expect(rig.platform.screen.at(-1)).toMatch(/Stopped/);
  });

  test('does not touch a turn that began after it', async () => {
    await conversations.reset('key', 'r1');
    coze.next(created('c1'), text('The beginning'), 'hang');
    const delivery = createDelivery(inbound('hi'));
    const ended = turn(delivery);
    await clock.settle();
    running.interrupt({ key: 'key', generation: 1 });
    await clock.settle();
    expect(coze.cancelled).toEqual([]);
    delivery.lose();
    await expect(ended).rejects.toThrow(DeliveryLost);
  });
});

import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/core/ports/coze.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import { created, text } from '../support/fake-coze.ts';
import { inbound } from '../support/fake-platform.ts';
import { createDelivery } from '../support/fake-store.ts';
import { createTurnRig } from '../support/turn-rig.ts';

const done = (answer: Answer) => ({ type: 'done' as const, answer });
const reasoning = (soFar: string) => ({ type: 'reasoning' as const, text: soFar });
const sentence = 'The quick brown fox jumps over the lazy dog.';

describe('buttons', () => {
  const labels = (rig: ReturnType<typeof createTurnRig>) =>
    rig.platform.shown.map(({ buttons = [] }) => buttons.map(({ label, data }) => `${label} ${data}`));

  test('while it grows one stops it; at the end they ask what Coze suggests', async () => {
    const rig = createTurnRig();
    rig.coze.next(created('c1'), text(sentence), 'hang');
    const delivery = createDelivery(inbound('hi'));
    const ended = rig.turn(delivery).catch(() => undefined);
    await rig.clock.settle();
    expect(labels(rig)).toEqual([['⏹ Stop stop/turn of fake:b1:c1:hi/p1']]);
    delivery.lose();
    await ended;

    rig.coze.nextRecovery({ text: sentence, followUps: ['And then?', 'Why?'] });
    const record = delivery.notes.at(-1);
    await rig.turn(createDelivery(inbound('hi'), { attempt: 2, ...(record && { record }) }));
    const turn = 'turn of fake:b1:c1:hi';
    expect(labels(rig)).toEqual([[`And then? ask/${turn}/0`, `Why? ask/${turn}/1`]]);
    expect(await rig.suggestions.find(turn)).toEqual(['And then?', 'Why?']);
  });

  test('while a long answer lands it can be stopped still, until its last message is there', async () => {
    const rig = createTurnRig({ limit: 10 });
    rig.coze.next(created('c1'), done({ text: 'abcdefghij'.repeat(5) }));
    const seen: number[][] = [];
    const { post } = rig.platform.sender;
    const sender: Sender = {
      ...rig.platform.sender,
      async post(...to) {
        seen.push(rig.platform.shown.flatMap(({ buttons }, index) => (buttons ? [index] : [])));
        return post(...to);
      },
    };
    await rig.turn(undefined, sender);
    expect(seen).toEqual([[], [0], [0], [0], []]);
    expect(labels(rig).flat()).toEqual([]);
  });

  test('stopped in the middle of that, it ends there, without a button', async () => {
    const rig = createTurnRig({ limit: 10 });
    rig.coze.next(created('c1'), done({ text: 'abcdefghij'.repeat(5) }));
    const delivery = createDelivery(inbound('hi'));
    const { post } = rig.platform.sender;
    const sender: Sender = {
      ...rig.platform.sender,
      async post(...to) {
        const stop = { key: delivery.key, stop: delivery.message.id };
        if (rig.platform.screen.length === 2) rig.running.interrupt(stop);
        return post(...to);
      },
    };
    expect((await rig.turn(delivery, sender)).outcome).toBe('stopped');
    expect(rig.platform.screen.at(-1)).toBe('⏹ Stopped.');
    expect(rig.platform.screen.length).toBeLessThan(5);
    expect(labels(rig).flat()).toEqual([]);
  });

  test('one that an attempt has left behind goes, though nobody knows what the message says', async () => {
    const rig = createTurnRig();
    rig.coze.next(created('c1'), text(sentence), 'hang');
    const delivery = createDelivery(inbound('hi'));
    const ended = rig.turn(delivery).catch(() => undefined);
    await rig.clock.settle();
    delivery.lose();
    await ended;
    const record = delivery.notes.at(-1);
    const next = createDelivery(inbound('hi'), { attempt: 2, ...(record && { record }) });
    next.stop();
    await rig.turn(next);
    expect(rig.platform.screen).toEqual([sentence, '⏹ Stopped.']);
    expect(labels(rig)).toEqual([[], []]);
  });

  test('none is left where nothing is suggested, or the answer was stopped', async () => {
    const rig = createTurnRig();
    rig.coze.next(created('c1'), text(sentence), done({ text: sentence }));
    await rig.turn();
    expect(labels(rig)).toEqual([[]]);
  });

  test('an answer is whole also where the suggestions cannot be kept', async () => {
    const rig = createTurnRig();
    rig.coze.next(created('c1'), done({ text: sentence, followUps: ['And then?'] }));
    const suggestions = {
      ...rig.suggestions,
      keep: async () => {
        throw new Error('the disk is full');
      },
    };
    await rig.turn(undefined, undefined, { suggestions });
    expect(rig.platform.screen).toEqual([sentence]);
    expect(labels(rig)).toEqual([[]]);
  });

  test('of a question that was asked with one, the answer says what was asked', async () => {
    const rig = createTurnRig();
    await rig.turn(createDelivery(inbound('And\nthen?', { pressed: 'ask/t/0' })));
    expect(rig.platform.screen).toEqual(['> And then?\n\nYou said And\nthen?.']);
  });
});

describe('reasoning', () => {
  const thinks = (rig: ReturnType<typeof createTurnRig>) =>
    rig.coze.next(
      created('c1'),
      reasoning('Let me see.'),
      text(sentence),
      done({ text: sentence, reasoning: 'Let me see.' }),
    );

  test('is hidden', async () => {
    const rig = createTurnRig();
    thinks(rig);
    await rig.turn();
    expect(rig.platform.writes.map(({ text }) => text).join()).not.toContain('see');
    expect(rig.platform.screen).toEqual([sentence]);
  });

  test('stands before the answer where it is wanted', async () => {
    const rig = createTurnRig();
    thinks(rig);
    await rig.turn(undefined, undefined, { showReasoning: true });
    expect(rig.platform.screen).toEqual([`<think>\nLet me see.\n</think>\n\n${sentence}`]);
  });

  test('that is long is shortened: the room is for the answer', async () => {
    const rig = createTurnRig({ limit: 2_000 });
    const long = 'thought '.repeat(10_000);
    rig.coze.next(created('c1'), reasoning(long), text(sentence), done({ text: sentence, reasoning: long }));
    await rig.turn(undefined, undefined, { showReasoning: true, longAnswerMessages: 2 });
    expect(rig.platform.screen).toHaveLength(1);
    expect(rig.platform.screen[0]).toMatch(/^<think>\nthought .* …\n<\/think>\n\nThe quick/s);
  });

  test('is shown as it grows, before there is an answer', async () => {
    const rig = createTurnRig();
    rig.coze.next(created('c1'), reasoning('Let me think about it.'), 'hang');
    const delivery = createDelivery(inbound('hi'));
    const ended = rig.turn(delivery, undefined, { showReasoning: true }).catch(() => undefined);
    await rig.clock.settle();
    expect(rig.platform.screen).toEqual(['<think>\nLet me think about it.']);
    delivery.lose();
    await ended;
  });
});

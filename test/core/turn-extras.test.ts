import { describe, expect, test } from 'vitest';
import { TargetGone } from '../../src/core/errors.ts';
import type { Answer } from '../../src/core/ports/coze.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import { created, text } from '../support/fake-coze.ts';
import { inbound } from '../support/fake-platform.ts';
import { createDelivery } from '../support/fake-store.ts';
import { createTurnRig } from '../support/turn-rig.ts';

const done = (answer: Answer) => ({ type: 'done' as const, answer });
const reasoning = (soFar: string) => ({ type: 'reasoning' as const, text: soFar });
const sentence = 'The quick brown fox jumps over the lazy dog.';

describe('an answer of too many messages', () => {
  test('ends in a file that has all of it', async () => {
    const rig = createTurnRig({ limit: 10 });
    const long = 'abcdefghij'.repeat(5);
    rig.coze.next(created('c1'), text(long.slice(0, 45)), done({ text: long, followUps: ['More?'] }));
    await rig.turn(undefined, undefined, { longAnswerMessages: 3 });
    expect(rig.platform.screen.slice(0, 3)).toEqual(Array(3).fill('abcdefghij'));
    expect(rig.platform.screen).toHaveLength(4);
    expect(rig.platform.screen[3]).toMatch(/too long for messages/);
    expect(rig.platform.shown.at(-1)).toMatchObject({
      file: { name: 'answer.md', text: long },
      buttons: [{ label: 'More?' }],
    });
  });

  test('goes on in messages where no file can be sent', async () => {
    for (const refusal of [new TargetGone('no rights to send documents'), new Error('50013')]) {
      const rig = createTurnRig({ limit: 10 });
      const long = 'abcdefghij'.repeat(5);
      rig.coze.next(created('c1'), done({ text: long }));
      const { post } = rig.platform.sender;
      const sender: Sender = {
        ...rig.platform.sender,
        async post(target, part, key) {
          if (part.file) throw refusal;
          return post(target, part, key);
        },
      };
      const report = await rig.turn(undefined, sender, { longAnswerMessages: 3 });
      expect(report.outcome).toBe('answered');
      expect(rig.platform.screen).toEqual(Array(5).fill('abcdefghij'));
    }
  });

  test('that just fits has none', async () => {
    const rig = createTurnRig({ limit: 10 });
    rig.coze.next(created('c1'), done({ text: 'abcdefghij'.repeat(3) }));
    await rig.turn(undefined, undefined, { longAnswerMessages: 3 });
    expect(rig.platform.screen).toHaveLength(3);
    expect(rig.platform.shown.some(({ file }) => file)).toBe(false);
  });
});

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

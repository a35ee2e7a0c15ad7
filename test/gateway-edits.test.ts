import { beforeEach, describe, expect, test } from 'vitest';
import { join } from '../src/core/joining.ts';
import type { InboundMessage } from '../src/core/message.ts';
import { createGatewayRig, key, minute } from './support/gateway-rig.ts';

let rig = createGatewayRig();
beforeEach(() => {
  rig = createGatewayRig();
});

describe('a question that is edited', () => {
  const original = () => rig.said('what is two and two?', { id: 'q' });
  const edit = (text: string, laterMs = 1_000, of = 'q') =>
    rig.said(text, {
      id: `${of}@${laterMs}`,
      edits: { id: of, sentAt: rig.clock.now() },
      sentAt: rig.clock.now() + laterMs,
    });

  test('and still waits is asked as it is now', async () => {
    await rig.deliver(rig.said('first', { id: 'f' }));
    rig.inHand.add('f');
    await rig.deliver(original());
    await rig.deliver(edit('what is two and three?'));
    expect(rig.texts()).toEqual(['first', 'what is two and three?']);
  });

  test('and is being answered is stopped and asked anew', async () => {
    await rig.deliver(original());
    rig.inHand.add('q');
    await rig.deliver(edit('what is two and three?'));
    expect(rig.interrupts).toEqual([{ key, stop: 'q' }]);
    expect(rig.texts()).toEqual(['what is two and two?', 'what is two and three?']);
  });

  test('and was the last one to be answered is asked anew', async () => {
    rig.answered = { message: original(), record: { generation: 0, posted: [] } };
    await rig.deliver(edit('what is two and three?'));
    expect(rig.texts()).toEqual(['what is two and three?']);
  });

  test('and was written in pieces is asked as a whole', async () => {
    const first = rig.said('x'.repeat(99), { id: 'q', isCut: true, openUntil: rig.clock.now() + 1_000 });
    const message = join(first, rig.said('the rest', { id: 'r' }), rig.clock.now()) as InboundMessage;
    rig.answered = { message, record: { generation: 0, posted: [] } };
    await rig.deliver(edit('another rest', 1_000, 'r'));
    expect(rig.texts()).toEqual([`${'x'.repeat(99)}\nanother rest`]);
    expect(rig.line()[0]?.edits?.id).toBe('q');
  });

  test('for the second time is still the same one', async () => {
    rig.answered = { message: edit('once'), record: { generation: 0, posted: [] } };
    await rig.deliver(edit('twice', 2_000));
    expect(rig.texts()).toEqual(['twice']);
  });

  test.each<[string, () => Promise<void>]>([
    [
      'was not the last one',
      async () => {
        await rig.deliver(original());
        rig.inHand.add('q');
        await rig.deliver(rig.said('another', { id: 'o' }));
      },
    ],
    ['is not known', async () => {}],
    [
      'was answered before another one',
      async () => {
        rig.answered = { message: rig.said('another', { id: 'o' }), record: { generation: 0, posted: [] } };
      },
    ],
  ])('is left alone when it %s', async (_, given) => {
    await given();
    const before = rig.texts();
    await rig.deliver(edit('what is two and three?'));
    expect(rig.texts()).toEqual(before);
    expect(rig.interrupts).toEqual([]);
  });

  test('is left alone after five minutes, or when nothing has changed, or when it is a command', async () => {
    rig.answered = { message: original(), record: { generation: 0, posted: [] } };
    await rig.deliver(edit('what is two and three?', 5 * minute));
    await rig.deliver(edit('what is two and two?'));
    await rig.deliver(edit('/reset'));
    expect([...rig.lines.values()].flat()).toEqual([]);
  });
});

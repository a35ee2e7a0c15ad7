import { describe, expect, test } from 'vitest';
import { RateLimited } from '../../src/core/errors.ts';
import type { Answer } from '../../src/core/ports/coze.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import { created, text } from '../support/fake-coze.ts';
import { inbound } from '../support/fake-platform.ts';
import { createDelivery } from '../support/fake-store.ts';
import { createTurnRig, failure } from '../support/turn-rig.ts';

const done = (answer: Answer) => ({ type: 'done' as const, answer });
const sentence = 'The quick brown fox jumps over the lazy dog.';

describe('a final that must wait long', () => {
  const whole: Answer = { text: `${sentence} The end.`, followUps: ['And then?'] };

  /** The platform asks for silence when the reply comes to this call. */
  async function postpone(rig: ReturnType<typeof createTurnRig>, limited: 'edit' | 'third post' = 'edit') {
    rig.coze.next(created('c1'), text(sentence), done(whole));
    const delivery = createDelivery(inbound('hi'));
    const { edit, post } = rig.platform.sender;
    const sender: Sender = {
      ...rig.platform.sender,
      async edit(...to) {
        if (limited === 'edit') throw new RateLimited(35_000);
        return edit(...to);
      },
      async post(...to) {
        if (limited === 'third post' && rig.platform.screen.length === 2) throw new RateLimited(35_000);
        return post(...to);
      },
    };
    const error = await rig.turn(delivery, sender).catch((caught: unknown) => caught);
    return { error, record: delivery.notes.at(-1) };
  }

  test('is postponed, with what it is and what is shown of it', async () => {
    const rig = createTurnRig();
    const { error, record } = await postpone(rig);
    expect(error).toMatchObject({ name: 'Postponed', waitMs: 35_250 });
    expect(record?.ending).toMatchObject({ outcome: 'answered', ...whole });
    expect(record?.posted).toHaveLength(1);
  });

  test('is landed by whoever has the message next, without a question to Coze', async () => {
    const rig = createTurnRig();
    const { record } = await postpone(rig);
    await rig.clock.advance(40_000);
    const asked = rig.coze.asked.length;
    const report = await rig.turn(createDelivery(inbound('hi'), { ...(record && { record }) }));
    expect(report.outcome).toBe('answered');
    expect(rig.platform.screen).toEqual([whole.text]);
    expect(rig.platform.writes.filter(({ kind }) => kind === 'post')).toHaveLength(1);
    expect(rig.coze.asked).toHaveLength(asked);
    expect(rig.coze.recovered).toEqual([]);
    expect(await rig.suggestions.find('turn of fake:b1:c1:hi')).toEqual(['And then?']);
  });

  test('shows nothing again that is shown already', async () => {
    const rig = createTurnRig({ limit: 20 });
    const { record } = await postpone(rig, 'third post');
    const before = rig.platform.writes.length;
    await rig.clock.advance(40_000);
    await rig.turn(createDelivery(inbound('hi'), { ...(record && { record }) }));
    expect(rig.platform.screen.join('')).toBe(whole.text);
    expect(rig.platform.writes.slice(before).map(({ kind }) => kind)).toEqual(['post']);
  });

  test('that was stopped meanwhile, or whose conversation was reset, is marked, and its button goes', async () => {
    for (const meanwhile of ['reset', 'stop'] as const) {
      const rig = createTurnRig();
      const { record } = await postpone(rig);
      const delivery = createDelivery(inbound('hi'), { ...(record && { record }) });
      if (meanwhile === 'reset') await rig.conversations.reset('key', 'r1');
      else delivery.stop();
      await rig.clock.advance(40_000);
      expect((await rig.turn(delivery)).outcome).toBe('stopped');
      expect(rig.platform.screen).toEqual([`${whole.text}\n\n⏹ Stopped.`]);
      expect(rig.platform.shown[0]?.buttons).toBeUndefined();
    }
  });

  test('that was stopped meanwhile takes no further message but for the mark', async () => {
    const rig = createTurnRig({ limit: 20 });
    const { record } = await postpone(rig, 'third post');
    const delivery = createDelivery(inbound('hi'), { ...(record && { record }) });
    delivery.stop();
    await rig.clock.advance(40_000);
    await rig.turn(delivery);
    expect(rig.platform.screen).toEqual([whole.text.slice(0, 20), whole.text.slice(20, 40), '⏹ Stopped.']);
  });

  test('ends where it is when the conversation is reset while it lands', async () => {
    const rig = createTurnRig({ limit: 10 });
    const { record } = await postpone(rig, 'third post');
    await rig.clock.advance(40_000);
    const { post } = rig.platform.sender;
    const sender: Sender = {
      ...rig.platform.sender,
      async post(...to) {
        rig.running.interrupt({ key: 'key', generation: 1 });
        return post(...to);
      },
    };
    const again = createDelivery(inbound('hi'), { ...(record && { record }) });
    expect((await rig.turn(again, sender)).outcome).toBe('stopped');
    expect(rig.platform.screen.at(-1)).toBe('⏹ Stopped.');
    expect(rig.platform.screen.length).toBeLessThan(6);
  });

  test('of a question that Coze refused at once is landed too, in a conversation that was reset before', async () => {
    const rig = createTurnRig();
    await rig.conversations.reset('key', 'r1');
    rig.coze.next(failure('quota'));
    const delivery = createDelivery(inbound('hi'));
    const sender: Sender = {
      ...rig.platform.sender,
      post: async () => Promise.reject(new RateLimited(35_000)),
    };
    await rig.turn(delivery, sender).catch(() => undefined);
    const record = delivery.notes.at(-1);
    expect(record?.ending?.outcome).toBe('failed');
    await rig.clock.advance(40_000);
    const again = createDelivery(inbound('hi'), { ...(record && { record }) });
    expect((await rig.turn(again)).outcome).toBe('failed');
    expect(rig.platform.screen).toEqual([expect.stringMatching(/quota/)]);
  });

  test('a short wait is waited out', async () => {
    const rig = createTurnRig();
    rig.coze.next(created('c1'), text(sentence), done(whole));
    rig.platform.failNext(new RateLimited(9_000));
    await rig.turn();
    expect(rig.platform.screen).toEqual([whole.text]);
  });
});

import { describe, expect, test } from 'vitest';
import { RateLimited, TargetGone } from '../../src/core/errors.ts';
import type { Answer } from '../../src/core/ports/coze.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import { created, text } from '../support/fake-coze.ts';
import { inbound } from '../support/fake-platform.ts';
import { createDelivery } from '../support/fake-store.ts';
import { createTurnRig, failure } from '../support/turn-rig.ts';

const done = (answer: Answer) => ({ type: 'done' as const, answer });

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

  test('goes on in messages after a restart too, where no file can be sent', async () => {
    const rig = createTurnRig({ limit: 10 });
    const long = 'abcdefghij'.repeat(8);
    rig.coze.next(created('c1'), done({ text: long }));
    const { post } = rig.platform.sender;
    let mostPosts = 6;
    const sender: Sender = {
      ...rig.platform.sender,
      async post(target, part, key) {
        if (part.file) throw new TargetGone('no rights to send documents');
        mostPosts -= 1;
        if (mostPosts < 0) throw new RateLimited(35_000);
        return post(target, part, key);
      },
    };
    const delivery = createDelivery(inbound('hi'));
    const more = { longAnswerMessages: 3 };
    await expect(rig.turn(delivery, sender, more)).rejects.toMatchObject({ name: 'Postponed' });
    mostPosts = 100;
    await rig.clock.advance(60_000);
    const record = delivery.notes.at(-1);
    await rig.turn(createDelivery(inbound('hi'), { ...(record && { record }) }), sender, more);
    expect(rig.platform.screen).toEqual(Array(8).fill('abcdefghij'));
  });

  test('says beside the file what went wrong', async () => {
    const rig = createTurnRig({ limit: 10 });
    rig.coze.next(created('c1'), text('abcdefghij'.repeat(5)), failure('refused'));
    await rig.turn(undefined, undefined, { longAnswerMessages: 3 });
    expect(rig.platform.screen.at(-1)).toMatch(/too long for messages.*content rules/s);
  });

  test('shows that it goes on while nothing more of it is shown', async () => {
    const rig = createTurnRig({ limit: 10 });
    rig.coze.next(created('c1'), text('abcdefghij'.repeat(5)), 'hang');
    const delivery = createDelivery(inbound('hi'));
    const ended = rig.turn(delivery, undefined, { longAnswerMessages: 2 }).catch(() => undefined);
    await rig.clock.settle();
    rig.coze.next();
    const typed = rig.platform.typed.length;
    await rig.clock.advance(20_000);
    expect(rig.platform.screen).toHaveLength(2);
    expect(rig.platform.typed.length).toBeGreaterThan(typed);
    delivery.lose();
    await ended;
    const after = rig.platform.typed.length;
    await rig.clock.advance(20_000);
    expect(rig.platform.typed).toHaveLength(after);
  });

  test('that just fits has none', async () => {
    const rig = createTurnRig({ limit: 10 });
    rig.coze.next(created('c1'), done({ text: 'abcdefghij'.repeat(3) }));
    await rig.turn(undefined, undefined, { longAnswerMessages: 3 });
    expect(rig.platform.screen).toHaveLength(3);
    expect(rig.platform.shown.some(({ file }) => file)).toBe(false);
  });
});

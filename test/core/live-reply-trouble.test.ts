import { beforeEach, describe, expect, test } from 'vitest';
import { DeliveryLost, MessageGone, TargetGone } from '../../src/core/errors.ts';
import { target } from '../support/fake-platform.ts';
import { createReplyRig, sentence } from '../support/reply-rig.ts';

let { clock, platform, reply } = createReplyRig();

beforeEach(() => {
  ({ clock, platform, reply } = createReplyRig());
});

describe('trouble', () => {
  test('a message deleted by the reader comes back only with the whole answer', async () => {
    const live = reply();
    live.show(sentence);
    await clock.settle();
    platform.delete('1');
    live.show(`${sentence} More.`);
    await clock.advance(10_000);
    expect(platform.screen).toEqual([]);
    await live.finish(`${sentence} More. The end.`);
    expect(platform.screen).toEqual([`${sentence} More. The end.`]);
  });

  test('a platform that calls a new message gone is not asked for ever', async () => {
    const live = reply();
    platform.failNext(new MessageGone('never was'));
    await expect(live.finish(sentence)).rejects.toThrow(MessageGone);
    expect(platform.screen).toEqual([]);
  });

  test('a target that is gone ends the reply, and whoever goes on showing hears of it', async () => {
    const live = reply();
    platform.failNext(new TargetGone('blocked'));
    live.show(sentence);
    await clock.settle();
    expect(() => live.show(`${sentence} More.`)).toThrow(TargetGone);
    await expect(live.finish(sentence)).rejects.toThrow(TargetGone);
  });

  test('nothing is written after the delivery is lost', async () => {
    const lost = new AbortController();
    const live = reply({ signal: lost.signal });
    live.show(sentence);
    await clock.settle();
    lost.abort(new Error('lost'));
    await expect(live.finish(`${sentence} The end.`)).rejects.toThrow('lost');
    expect(platform.screen).toEqual([sentence]);
  });

  test('nothing is written by a process that slept while it lost the delivery, before it has heard of that', async () => {
    let held = true;
    const assertHeld = () => {
      if (!held) throw new DeliveryLost('asleep');
    };
    const live = reply({ assertHeld });
    live.show(sentence);
    await clock.settle();
    held = false;
    await expect(live.finish(`${sentence} The end.`)).rejects.toThrow(DeliveryLost);
    expect(platform.screen).toEqual([sentence]);
  });

  test('what an earlier attempt posted is written over, and what is too much is removed', async () => {
    for (const text of ['old 1', 'old 2']) await platform.sender.post(target, { text });
    const live = reply({ posted: ['1', '2'].map((id) => ({ target, id })) });
    const finished = live.finish('The new answer.');
    await clock.advance(5_000);
    await finished;
    expect(platform.screen).toEqual(['The new answer.']);
  });
});

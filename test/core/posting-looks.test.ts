import { expect, test } from 'vitest';
import { MessageGone, Unreachable } from '../../src/core/errors.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import type { Posting } from '../../src/core/ports/store.ts';
import { hearQuestion } from '../../src/core/posting.ts';
import { inbound, target } from '../support/fake-platform.ts';
import { createReplyRig, sentence } from '../support/reply-rig.ts';

/** In how many of twenty places a post is looked for that has not landed. */
async function looks(posting?: Posting): Promise<number> {
  const rig = createReplyRig();
  if (!posting) rig.platform.failNext(new Unreachable('no answer', 'unknown'));
  let edits = 0;
  const sender: Sender = {
    ...rig.platform.sender,
    async edit() {
      edits += 1;
      throw new MessageGone('not ours');
    },
    traces: {
      counter: ({ channel }) => channel,
      mark: () => '',
      candidates: () => Array.from({ length: 20 }, (_, nth) => ({ target, id: String(100 + nth) })),
    },
  };
  const finished = rig.reply({ sender, posting }).finish(sentence);
  await rig.clock.advance(60_000);
  await finished;
  expect(rig.platform.screen).toEqual([sentence]);
  return edits;
}

test('a post whose reply is lost is looked for in eight places, and after a crash in sixteen', async () => {
  expect(await looks()).toBe(8);
  expect(await looks({ name: 'k/0/0', mark: '', at: 1_000_000 })).toBe(16);
});

test('what others have written is not looked at, and what is known elsewhere comes last', async () => {
  const rig = createReplyRig();
  const looked: string[] = [];
  const counter = { ...target, channel: 'all' };
  const newest: (string | undefined)[] = [];
  const sender: Sender = {
    ...rig.platform.sender,
    async edit({ id }) {
      looked.push(id);
      throw new MessageGone('not ours');
    },
    traces: {
      counter: () => 'all',
      mark: () => '',
      candidates(_target, _mark, known) {
        newest.push(known);
        return ['1', '2', '3', '4'].map((id) => ({ target, id }));
      },
    },
  };
  await rig.posts.heard(counter, { ...target, channel: 'hall' }, '2');
  hearQuestion(inbound('hi', { target: { ...target, after: '3' } }), sender, rig.posts);
  const finished = rig
    .reply({ sender, posting: { name: 'k/0/0', mark: '', at: rig.clock.now() } })
    .finish(sentence);
  await rig.clock.advance(60_000);
  await finished;
  expect(looked).toEqual(['1', '4', '2']);
  expect(newest[0]).toBe('3');
});

test('a post whose reply is on its way, and that was taken for a lost one, is posted anew', async () => {
  const { clock, platform, reply } = createReplyRig();
  const sender: Sender = {
    ...platform.sender,
    traces: {
      counter: ({ channel }) => channel,
      mark: () => '0',
      candidates: () => [{ target, id: '1' }],
    },
  };
  const slow: Sender = {
    ...sender,
    async post(...to) {
      const ref = await platform.sender.post(...to);
      await clock.sleep(300);
      return ref;
    },
  };
  const first = reply({ key: 'a', sender: slow }).finish('answer A');
  await clock.advance(50);
  const second = reply({ key: 'b', sender, posting: { name: 'b/0/0', mark: '0', at: clock.now() } });
  const finished = second.finish('answer B');
  await clock.advance(60_000);
  await Promise.all([first, finished]);
  expect(platform.screen.toSorted()).toEqual(['answer A', 'answer B']);
});

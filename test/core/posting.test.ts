import { beforeEach, describe, expect, test } from 'vitest';
import { MessageGone, RateLimited, Unreachable } from '../../src/core/errors.ts';
import type { LiveReplyOptions } from '../../src/core/live-reply.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import type { Posting } from '../../src/core/ports/store.ts';
import { target } from '../support/fake-platform.ts';
import { createReplyRig, sentence } from '../support/reply-rig.ts';

let rig: ReturnType<typeof createReplyRig>;
let noted: Posting[];
/** What the next post does after it has landed: the reply is lost. */
let isReplyLost: boolean;

beforeEach(() => {
  rig = createReplyRig();
  noted = [];
  isReplyLost = false;
});

/** A platform that knows no post again: the ids of its messages count up, and so a lost one can be looked for. */
const sender = (): Sender => ({
  ...rig.platform.sender,
  async post(to, part) {
    const ref = await rig.platform.sender.post(to, part);
    if (isReplyLost) throw new Unreachable('no answer', 'unknown');
    return ref;
  },
  traces: {
    counter: ({ channel }) => channel,
    mark: () => String(rig.platform.screen.length),
    candidates: (_, mark) => [1, 2, 3].map((nth) => ({ target, id: String(Number(mark) + nth) })),
  },
});

async function finish(text: string, more: Partial<LiveReplyOptions> = {}) {
  const live = rig.reply({
    sender: sender(),
    onPosting: async (posting) => void noted.push(posting),
    ...more,
  });
  const finished = live.finish(text);
  await rig.clock.advance(60_000);
  return finished.then(() => live.refs.map(({ id }) => id));
}

/** An attempt whose worker died when its post had landed, before it heard so. */
async function die() {
  isReplyLost = true;
  await finish(sentence, { isPatient: true }).catch(() => undefined);
  isReplyLost = false;
  return noted[0] as Posting;
}

const posts = () => rig.platform.writes.filter(({ kind }) => kind === 'post');
const other = (text: string) => rig.platform.sender.post(target, { text });

describe('a post whose reply is lost', () => {
  test('is found, and not made again', async () => {
    const { post } = rig.platform.sender;
    const lossy = sender();
    let isFirst = true;
    const ids = await finish(sentence, {
      sender: {
        ...lossy,
        async post(...to) {
          const ref = await post(...to);
          if (!isFirst) return ref;
          isFirst = false;
          throw new Unreachable('no answer', 'unknown');
        },
      },
    });
    expect(ids).toEqual(['1']);
    expect(rig.platform.screen).toEqual([sentence]);
  });

  test('is found by the next attempt, which writes what is wanted by then', async () => {
    const posting = await die();
    const { length } = posts();
    await finish(`${sentence} And more.`, { posting });
    expect(posts()).toHaveLength(length);
    expect(rig.platform.screen).toEqual([`${sentence} And more.`]);
  });

  test('is made again when it is nowhere', async () => {
    const posting = { name: 'k/0/0', mark: '0', at: rig.clock.now() };
    await finish(sentence, { posting });
    expect(rig.platform.screen).toEqual([sentence]);
  });

  test('is not taken for another message of ours', async () => {
    const posting = { name: 'k/0/0', mark: '0', at: rig.clock.now() };
    const { id } = await other('another answer');
    await rig.posts.keep(target, target, 'other/0/0', id);
    await finish(sentence, { posting });
    expect(rig.platform.screen).toEqual(['another answer', sentence]);
  });

  test('is known at once when its id was kept', async () => {
    await other('much else');
    await other('much else');
    const { id } = await other('It');
    await rig.posts.keep(target, target, 'k/0/0', id);
    await finish(sentence, { posting: { name: 'k/0/0', mark: '99', at: 0 } });
    expect(rig.platform.screen).toEqual(['much else', 'much else', sentence]);
  });

  test('is not looked for after so long that others of ours may have been forgotten', async () => {
    await other('what nobody remembers');
    const posting = { name: 'k/0/0', mark: '0', at: rig.clock.now() - 3_600_000 };
    await finish(sentence, { posting });
    expect(rig.platform.screen).toEqual(['what nobody remembers', sentence]);
  });

  test('costs a call from the budget for each place where it is looked for', async () => {
    const draws: string[] = [];
    const budget = {
      ...rig.budget,
      draw: (draw: Parameters<typeof rig.budget.draw>[0]) => {
        draws.push(draw.purpose);
        return rig.budget.draw(draw);
      },
    };
    await finish(sentence, { budget, posting: { name: 'k/0/0', mark: '0', at: rig.clock.now() } });
    // Three places, the one look that finds no more of them, and the post; those that had to wait ask twice.
    expect(draws.length).toBeGreaterThanOrEqual(5);
  });

  test('is given to one of two that look in the same channel', async () => {
    await other('lost');
    await other('lost too');
    const posting = (name: string) => ({ name, mark: '0', at: rig.clock.now() });
    const looks = [
      finish('one', { key: 'a', posting: posting('a/0/0') }),
      finish('two', { key: 'b', posting: posting('b/0/0') }),
    ];
    await Promise.all(looks);
    expect(rig.platform.screen.toSorted()).toEqual(expect.arrayContaining(['one', 'two']));
    expect(rig.platform.screen).toHaveLength(2);
  });

  test('is found though another one was looked for in vain there before', async () => {
    rig.platform.failNext(new Unreachable('502', 'unknown'));
    await finish('answer A', { key: 'a' });
    const lossy = sender();
    let isFirst = true;
    const losesOne: Sender = {
      ...lossy,
      async post(...to) {
        const ref = await lossy.post(...to);
        if (!isFirst) return ref;
        isFirst = false;
        throw new Unreachable('502', 'unknown');
      },
    };
    await finish('answer B', { key: 'b', sender: losesOne });
    expect(rig.platform.screen).toEqual(['answer A', 'answer B']);
  });

  test('is posted anew when it is known, and was deleted since', async () => {
    const { id } = await other('It');
    await rig.posts.keep(target, target, 'k/0/0', id);
    rig.platform.delete(id);
    await finish(sentence, { posting: { name: 'k/0/0', mark: '0', at: 0 } });
    expect(rig.platform.screen).toEqual([sentence]);
  });

  test('is looked for where it was not looked for before, by whoever comes next', async () => {
    const posting = { name: 'k/0/0', mark: '0', at: rig.clock.now(), tried: ['1', '2'] };
    const edits: string[] = [];
    await finish(sentence, {
      posting,
      sender: {
        ...sender(),
        async edit({ id }) {
          edits.push(id);
          throw new MessageGone('not ours');
        },
      },
    });
    expect(edits).toEqual(['3']);
    expect(noted[0]?.tried).toEqual(['1', '2', '3']);
    expect(rig.platform.screen).toEqual([sentence]);
  });

  test('is still looked for when the look itself is refused for now', async () => {
    const posting = await die();
    const before = posts().length;
    rig.platform.failNext(new RateLimited(2_000));
    await finish(`${sentence} And more.`, { posting });
    expect(posts()).toHaveLength(before);
  });
});

test('a post is noted before it is made, with what is known of the place', async () => {
  await finish(sentence);
  expect(noted).toEqual([{ name: 'k/0/0', mark: '0', at: expect.any(Number) }]);
  expect(await rig.posts.idOf(target, 'k/0/0')).toBe('1');
});

test('a post that surely did not land is not looked for', async () => {
  const edits: string[] = [];
  rig.platform.failNext(new Unreachable('refused', 'no'));
  await finish(sentence, {
    sender: {
      ...sender(),
      async edit({ id }) {
        edits.push(id);
        throw new MessageGone('not ours');
      },
    },
  });
  expect(edits).toEqual([]);
  expect(rig.platform.screen).toEqual([sentence]);
});

test('where the platform knows its posts again nothing is noted', async () => {
  const { traces: _, ...plain } = sender();
  await finish(sentence, { sender: plain });
  expect(noted).toEqual([]);
});

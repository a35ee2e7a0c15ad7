import { beforeEach, describe, expect, test } from 'vitest';
import { createBudget } from '../../src/core/budget.ts';
import { RateLimited, Unreachable } from '../../src/core/errors.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import { target } from '../support/fake-platform.ts';
import { createReplyRig, sentence } from '../support/reply-rig.ts';

let { clock, platform, reply } = createReplyRig();

beforeEach(() => {
  ({ clock, platform, reply } = createReplyRig());
});

describe('the first paint', () => {
  test('comes at once when the first text can be read', async () => {
    reply().show(sentence);
    await clock.settle();
    expect(platform.screen).toEqual([sentence]);
  });

  test('waits for a text that can be read', async () => {
    const live = reply();
    live.show('The');
    await clock.advance(900);
    expect(platform.screen).toEqual([]);
    live.show('The quick brown fox jumps');
    await clock.settle();
    expect(platform.screen).toEqual(['The quick brown fox jumps']);
  });

  test('comes one second after the first delta, however short the text', async () => {
    reply().show('Hm');
    await clock.advance(1_000);
    expect(platform.screen).toEqual(['Hm']);
  });

  test.each(['你好，我是一个智能体', 'はい、わかりましたよ', 'Ja. '])(
    'takes %s for readable',
    async (text) => {
      reply().show(text);
      await clock.settle();
      expect(platform.screen).toHaveLength(1);
    },
  );

  test('is not an empty message', async () => {
    const live = reply();
    live.show(' \n');
    await clock.advance(5_000);
    expect(platform.writes).toEqual([]);
    await live.finish('Yes.');
    expect(platform.screen).toEqual(['Yes.']);
  });
});

describe('previews', () => {
  test('show the newest text at the pace, and none in between', async () => {
    const live = reply();
    live.show(sentence);
    for (let step = 1; step <= 20; step++) {
      await clock.advance(100);
      live.show(`${sentence} ${step}`);
    }
    await clock.advance(0);
    const start = platform.writes[0]?.at ?? 0;
    expect(platform.writes.map(({ at, text }) => [at - start, text])).toEqual([
      [0, sentence],
      [1_000, `${sentence} 9`],
      [2_000, `${sentence} 19`],
    ]);
  });

  test('keep their interval for ten seconds and take longer after that', async () => {
    const live = reply();
    for (let ms = 0; ms < 40_000; ms += 100) {
      live.show(`${sentence} ${ms}`);
      await clock.advance(100);
    }
    const gaps = platform.writes.slice(1).map(({ at }, index) => at - (platform.writes[index]?.at ?? 0));
    expect(gaps.slice(0, 10)).toEqual(Array(10).fill(1_000));
    expect(gaps.at(-1)).toBe(3_000);
  });

  test('are not written when nothing has changed', async () => {
    const live = reply();
    live.show(sentence);
    await clock.advance(60_000);
    await live.finish(sentence);
    expect(platform.writes).toHaveLength(1);
  });
});

describe('the final text', () => {
  test('does not wait for the next preview', async () => {
    const live = reply();
    live.show(sentence);
    await clock.settle();
    await live.finish(`${sentence} The end.`);
    expect(platform.screen).toEqual([`${sentence} The end.`]);
  });

  test('waits out a rate limit, in silence, and is shown', async () => {
    const live = reply();
    live.show(sentence);
    await clock.settle();
    platform.failNext(new RateLimited(8_000));
    const finished = live.finish(`${sentence} The end.`);
    await clock.advance(7_999);
    expect(platform.screen).toEqual([sentence]);
    await clock.advance(2_000);
    await finished;
    expect(platform.screen).toEqual([`${sentence} The end.`]);
  });

  test('is shown when the platform fails and comes back', async () => {
    const live = reply();
    for (let times = 0; times < 4; times++) platform.failNext(new Unreachable('502', 'no'));
    const finished = live.finish('All is well.');
    await clock.advance(60_000);
    await finished;
    expect(platform.screen).toEqual(['All is well.']);
  });

  test('bears any number of failures, if not in a row', async () => {
    const live = reply();
    for (let round = 0; round < 8; round++) {
      live.show(`${sentence} ${round}`);
      platform.failNext(new Unreachable('502', 'no'));
      await clock.advance(10_000);
    }
    await live.finish('All is well.');
    expect(platform.screen).toEqual(['All is well.']);
  });

  test('is given up when the platform does not come back, and says so', async () => {
    const live = reply();
    for (let times = 0; times < 5; times++) platform.failNext(new Unreachable('502', 'no'));
    const finished = expect(live.finish('All is well.')).rejects.toThrow(Unreachable);
    await clock.advance(60_000);
    await finished;
  });

  test('replaces what the deltas had built', async () => {
    const live = reply();
    live.show('x'.repeat(250));
    await clock.advance(10_000);
    expect(platform.screen).toHaveLength(3);
    const finished = live.finish('Something else.');
    await clock.advance(10_000);
    await finished;
    expect(platform.screen).toEqual(['Something else.']);
  });
});

describe('a long answer', () => {
  test('goes on in further messages, and what is behind is never touched again', async () => {
    const live = reply();
    const text = Array.from({ length: 350 }, (_, index) => String(index % 10)).join('');
    for (let length = 10; length < text.length; length += 10) {
      live.show(text.slice(0, length));
      await clock.advance(500);
    }
    await live.finish(text);
    expect(platform.screen).toEqual([
      text.slice(0, 100),
      text.slice(100, 200),
      text.slice(200, 300),
      text.slice(300),
    ]);
    const ids = platform.writes.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort());
  });

  test('is one reply: only its first message refers to the question', async () => {
    const targets: unknown[] = [];
    const { post } = platform.sender;
    const sender = {
      ...platform.sender,
      post: (...to: Parameters<typeof post>) => post(...to).finally(() => targets.push(to[0])),
    };
    const finished = reply({ sender, target: { ...target, replyTo: '7' } }).finish('y'.repeat(250));
    await clock.advance(10_000);
    await finished;
    expect(targets).toEqual([{ ...target, replyTo: '7' }, target, target]);
  });

  test('has a key for each of its messages, and another for one that comes back', async () => {
    const keys: unknown[] = [];
    const { post } = platform.sender;
    const sender = {
      ...platform.sender,
      post: (...to: Parameters<typeof post>) => post(...to).finally(() => keys.push(to[2])),
    };
    const live = reply({ sender });
    live.show('z'.repeat(150));
    await clock.advance(5_000);
    platform.delete('2');
    const finished = live.finish('z'.repeat(160));
    await clock.advance(5_000);
    await finished;
    expect(keys).toEqual(['k/0/0', 'k/1/0', 'k/1/1']);
  });

  test('is noted message by message', async () => {
    const noted: number[] = [];
    const live = reply({ onPosted: async (refs) => void noted.push(refs.length) });
    const finished = live.finish('y'.repeat(250));
    await clock.advance(10_000);
    await finished;
    expect(noted).toEqual([1, 2, 3]);
  });
});

test('only its first message is a reply, and only of that one people are notified', async () => {
  const posts: object[] = [];
  const sender: Sender = {
    ...platform.sender,
    post(to, part, name) {
      posts.push({ replyTo: to.replyTo, isQuiet: part.isQuiet });
      return platform.sender.post(to, part, name);
    },
  };
  const live = reply({ sender, target: { ...target, replyTo: '7' } });
  const finished = live.finish('y'.repeat(250));
  await clock.advance(10_000);
  await finished;
  expect(posts).toEqual([{ replyTo: '7' }, { isQuiet: true }, { isQuiet: true }]);
});

test('two replies in one channel share its pace', async () => {
  const budget = createBudget({ clock });
  const replies = [reply({ budget, key: 'a' }), reply({ budget, key: 'b' })];
  for (let ms = 0; ms < 20_000; ms += 100) {
    for (const live of replies) live.show(`${sentence} ${ms}`);
    await clock.advance(100);
  }
  expect(platform.writes.length).toBeLessThanOrEqual(3 + 20);
});

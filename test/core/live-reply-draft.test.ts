import { beforeEach, describe, expect, test } from 'vitest';
import { DraftsUnavailable, RateLimited } from '../../src/core/errors.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import { createReplyRig, sentence } from '../support/reply-rig.ts';

let rig: ReturnType<typeof createReplyRig>;
let drafts: { at: number; text: string; key: string; canStop: boolean }[];
let draftErrors: unknown[];
let sender: Sender;

beforeEach(() => {
  rig = createReplyRig();
  drafts = [];
  draftErrors = [];
  const { platform, clock } = rig;
  sender = {
    ...platform.sender,
    async showDraft(_, { text, buttons = [] }, key) {
      const error = draftErrors.shift();
      if (error) throw error;
      drafts.push({ at: clock.now(), text, key, canStop: buttons.length > 0 });
    },
    pace: (target) => ({
      ...platform.sender.pace(target),
      draft: { refillPerSecond: 3, burst: 3, reserve: 0, minIntervalMs: 300, keepEveryMs: 20_000 },
    }),
  };
});

describe('a reply that grows as a draft', () => {
  test('is one message, posted when it is whole', async () => {
    const { clock, platform, reply } = rig;
    const live = reply({ sender, button: { label: 'Stop', data: 'stop/t/p' } });
    for (let count = 0; count < 20; count++) {
      live.show(`The quick brown fox number ${count}`);
      await clock.advance(100);
    }
    expect(platform.writes).toEqual([]);
    expect(drafts.length).toBeGreaterThan(5);
    expect(new Set(drafts.map(({ key }) => key)).size).toBe(1);
    expect(drafts.every(({ canStop }) => canStop)).toBe(true);
    await live.finish('The end.');
    expect(platform.writes.map(({ kind, text }) => [kind, text])).toEqual([['post', 'The end.']]);
  });

  test('is shown again before it would go away', async () => {
    const { clock, reply } = rig;
    const stop = new AbortController();
    const live = reply({ sender, signal: stop.signal });
    live.show(sentence);
    await clock.advance(45_000);
    expect(drafts.map(({ text }) => text)).toEqual([sentence, sentence, sentence]);
    stop.abort();
    await live.ended();
  });

  test('posts what is settled, and goes on in the next draft', async () => {
    const { clock, platform, reply } = rig;
    const live = reply({ sender });
    live.show('x'.repeat(130));
    await clock.advance(3_000);
    expect(platform.screen).toEqual(['x'.repeat(100)]);
    expect(drafts.at(-1)?.text).toBe('x'.repeat(30));
    const finished = live.finish('x'.repeat(140));
    await clock.advance(3_000);
    await finished;
    expect(platform.screen).toEqual(['x'.repeat(100), 'x'.repeat(40)]);
    expect(platform.writes.filter(({ kind }) => kind !== 'post')).toEqual([]);
  });

  test('is silent after a rate limit, and never turns to messages meanwhile', async () => {
    const { clock, platform, reply } = rig;
    draftErrors.push(new RateLimited(30_000));
    const live = reply({ sender });
    for (let second = 0; second < 29; second++) {
      live.show(`${sentence} ${second}`);
      await clock.advance(1_000);
    }
    expect([drafts, platform.writes]).toEqual([[], []]);
    live.show(`${sentence} 30`);
    await clock.advance(5_000);
    expect(drafts.length).toBeGreaterThan(0);
    await live.finish(sentence);
    expect(platform.screen).toEqual([sentence]);
  });

  test('goes on with messages where no draft can be shown after all', async () => {
    const { clock, platform, reply } = rig;
    draftErrors.push(new DraftsUnavailable('no drafts here'));
    const live = reply({ sender });
    live.show(sentence);
    await clock.advance(3_000);
    expect(platform.screen).toEqual([sentence]);
    live.show(`${sentence} More.`);
    await clock.advance(3_000);
    expect(platform.screen).toEqual([`${sentence} More.`]);
    expect(drafts).toEqual([]);
    await live.finish('Whole.');
  });

  test('is left alone when there is nothing to be seen any more, however long that lasts', async () => {
    const { clock, platform, reply } = rig;
    const live = reply({ sender });
    live.show(sentence);
    await clock.advance(1_000);
    live.show('');
    await clock.advance(60_000);
    expect(drafts).toHaveLength(1);
    await live.finish('Whole.');
    expect(platform.screen).toEqual(['Whole.']);
  });

  test('draws for each call what that call is: messages are not sent at the pace of drafts', async () => {
    const { clock, platform, reply, budget } = rig;
    const granted: string[] = [];
    const live = reply({
      sender,
      budget: {
        ...budget,
        async draw(draw) {
          const waitMs = await budget.draw(draw);
          if (waitMs === 0) granted.push(draw.purpose);
          return waitMs;
        },
      },
    });
    // Part after part becomes whole while a frame of the draft is still drawn for.
    for (let length = 30; length <= 730; length += 35) {
      live.show('x'.repeat(length));
      await clock.advance(120);
    }
    const finished = live.finish('x'.repeat(760));
    await clock.advance(30_000);
    await finished;
    const posts = platform.writes.filter(({ kind }) => kind === 'post');
    expect(posts).toHaveLength(8);
    expect(granted.filter((purpose) => purpose !== 'draft').length).toBeGreaterThanOrEqual(posts.length);
  });
});

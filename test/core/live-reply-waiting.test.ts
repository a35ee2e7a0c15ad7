import { expect, test } from 'vitest';
import { createBudget } from '../../src/core/budget.ts';
import { RateLimited } from '../../src/core/errors.ts';
import { createReplyRig, sentence } from '../support/reply-rig.ts';

test('a reply that waits for its turn is not rendered meanwhile, and then shows what is newest', async () => {
  const { clock, platform, reply } = createReplyRig();
  let waitMs = 100;
  let asked = 0;
  let rendered = 0;
  const budget = {
    async draw() {
      asked += 1;
      return waitMs;
    },
    block: async () => {},
    learn: async () => {},
    leave: async () => {},
  };
  const { render } = platform.sender;
  const sender = {
    ...platform.sender,
    render: (...from: Parameters<typeof render>) => {
      rendered += 1;
      return render(...from);
    },
  };
  const live = reply({ sender, budget });
  for (let ms = 0; ms < 5_000; ms += 100) {
    live.show(`${sentence} ${ms}`);
    await clock.advance(100);
  }
  expect(asked).toBeGreaterThan(40);
  expect(rendered).toBe(1);
  waitMs = 0;
  await clock.advance(100);
  expect(platform.screen).toEqual([`${sentence} 4900`]);
});

test('while the store is away nothing is written, and everything once it is back', async () => {
  const { clock, platform, reply } = createReplyRig();
  let isAway = true;
  const budget = createBudget({ clock });
  const draw: typeof budget.draw = async (asked) => {
    if (isAway) throw new Error('the store is away');
    return budget.draw(asked);
  };
  const live = reply({ budget: { ...budget, draw } });
  live.show(sentence);
  const finished = live.finish(`${sentence} The end.`);
  await clock.advance(60_000);
  expect(platform.writes).toEqual([]);
  isAway = false;
  await clock.advance(500);
  await finished;
  expect(platform.screen).toEqual([`${sentence} The end.`]);
});

test('a silence that the store cannot be told of is kept all the same', async () => {
  const { clock, platform, reply } = createReplyRig();
  const budget = createBudget({ clock });
  const block = () => Promise.reject(new Error('the store is away'));
  platform.failNext(new RateLimited(30_000));
  const finished = reply({ budget: { ...budget, block } }).finish(sentence);
  await clock.advance(29_999);
  expect(platform.writes).toEqual([]);
  await clock.advance(1);
  await finished;
  expect(platform.screen).toEqual([sentence]);
});

test('a reply that is over leaves the budget to the others', async () => {
  const { clock, reply } = createReplyRig();
  const left: string[] = [];
  const budget = {
    ...createBudget({ clock }),
    leave: async (_: unknown, answer: string) => void left.push(answer),
  };
  const stopped = new AbortController();
  const live = reply({ budget, key: 'stopped', signal: stopped.signal });
  live.show(sentence);
  await clock.settle();
  stopped.abort(new Error('stopped'));
  await live.ended();
  await reply({ budget, key: 'finished' }).finish(sentence);
  expect(left).toEqual(['stopped', 'finished']);
});

test('a text that is blank again takes nothing from the screen', async () => {
  const { clock, platform, reply } = createReplyRig();
  const live = reply();
  live.show(sentence);
  await clock.settle();
  live.show(' ');
  await clock.advance(5_000);
  expect(platform.screen).toEqual([sentence]);
});

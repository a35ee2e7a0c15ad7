import { expect, test } from 'vitest';
import { createBudget } from '../../src/core/budget.ts';
import type { Draw } from '../../src/core/ports/budget.ts';
import type { Sender } from '../../src/core/ports/platform.ts';
import { createReplyRig, sentence } from '../support/reply-rig.ts';

test('a reply that waits for its turn is not rendered meanwhile, and then shows what is newest', async () => {
  const { clock, platform, reply } = createReplyRig();
  let waitMs = 100;
  let asked = 0;
  let rendered = 0;
  const budget = {
    ...createBudget({ clock }),
    async draw() {
      asked += 1;
      return waitMs;
    },
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

test('a text that is blank again takes nothing from the screen', async () => {
  const { clock, platform, reply } = createReplyRig();
  const live = reply();
  live.show(sentence);
  await clock.settle();
  live.show(' ');
  await clock.advance(5_000);
  expect(platform.screen).toEqual([sentence]);
});

test('a text of which nothing can be seen is rendered now and then, not at each delta', async () => {
  const { clock, platform, reply } = createReplyRig();
  let rendered = 0;
  const sender: Sender = {
    ...platform.sender,
    render() {
      rendered += 1;
      return { sealed: { parts: 0, offset: 0, carry: '' }, parts: [] };
    },
  };
  const live = reply({ sender });
  for (let count = 1; count <= 400; count++) {
    live.show('#'.repeat(count));
    await clock.advance(5);
  }
  expect(rendered).toBeLessThan(20);
  await live.finish('#');
});

test('so is a text that has more messages than may be shown', async () => {
  const { clock, platform, reply } = createReplyRig();
  let rendered = 0;
  const { render } = platform.sender;
  const sender: Sender = {
    ...platform.sender,
    render(...from) {
      rendered += 1;
      return render(...from);
    },
  };
  const live = reply({ sender, longest: 1 });
  live.show('x'.repeat(150));
  await clock.advance(3_000);
  rendered = 0;
  for (let count = 151; count <= 551; count++) {
    live.show('x'.repeat(count));
    await clock.advance(5);
  }
  expect(rendered).toBeLessThan(20);
});

test('a preview that is refused asks again ten times a second at most', async () => {
  const { clock, reply } = createReplyRig();
  let asked = 0;
  const budget = {
    ...createBudget({ clock }),
    async draw({ purpose }: Draw) {
      asked += 1;
      return purpose === 'preview' ? 2 : 0;
    },
  };
  const live = reply({ budget });
  live.show(sentence);
  await clock.advance(2_000);
  live.show(`${sentence} More.`);
  asked = 0;
  await clock.advance(1_000);
  expect(asked).toBeGreaterThan(5);
  expect(asked).toBeLessThanOrEqual(11);
});

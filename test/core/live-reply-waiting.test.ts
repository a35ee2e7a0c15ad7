import { expect, test } from 'vitest';
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

test('a text that is blank again takes nothing from the screen', async () => {
  const { clock, platform, reply } = createReplyRig();
  const live = reply();
  live.show(sentence);
  await clock.settle();
  live.show(' ');
  await clock.advance(5_000);
  expect(platform.screen).toEqual([sentence]);
});

import { expect, test } from 'vitest';
import { createBudget } from '../../src/core/budget.ts';
import { RateLimited } from '../../src/core/errors.ts';
import { keepTyping } from '../../src/core/typing.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakePlatform, target } from '../support/fake-platform.ts';

test('a rate limit on typing silences the channel, and typing goes on after it', async () => {
  const clock = createFakeClock();
  const { sender } = createFakePlatform(clock);
  const budget = createBudget({ clock });
  let calls = 0;
  const limited = {
    ...sender,
    async showTyping() {
      calls += 1;
      if (calls === 1) throw new RateLimited(10_000);
    },
  };
  const stop = new AbortController();
  const typing = keepTyping({ sender: limited, target, clock, budget, answer: 'a' }, stop.signal);
  await clock.advance(9_000);
  const pace = sender.pace(target);
  expect(await budget.draw({ place: target, pace, purpose: 'final', answer: 'a' })).toBeGreaterThan(0);
  expect(calls).toBe(1);
  await clock.advance(20_000);
  expect(calls).toBeGreaterThan(1);
  stop.abort();
  await typing;
});

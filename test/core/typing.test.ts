import { expect, test } from 'vitest';
import { RateLimited } from '../../src/core/errors.ts';
import { createPaces } from '../../src/core/pacing.ts';
import { keepTyping } from '../../src/core/typing.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFakePlatform, target } from '../support/fake-platform.ts';

test('a rate limit on typing silences the channel, and typing goes on after it', async () => {
  const clock = createFakeClock();
  const { sender } = createFakePlatform(clock);
  const paces = createPaces(clock);
  let calls = 0;
  const limited = {
    ...sender,
    async showTyping() {
      calls += 1;
      if (calls === 1) throw new RateLimited(10_000);
    },
  };
  const stop = new AbortController();
  const typing = keepTyping({ sender: limited, target, clock, paces }, stop.signal);
  await clock.advance(9_000);
  expect(paces.request(target, sender.pace(target), 'final')).toBeGreaterThan(0);
  expect(calls).toBe(1);
  await clock.advance(20_000);
  expect(calls).toBeGreaterThan(1);
  stop.abort();
  await typing;
});

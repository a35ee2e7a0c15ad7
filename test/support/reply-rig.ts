import { createBudget } from '../../src/core/budget.ts';
import { createLiveReply, type LiveReplyOptions } from '../../src/core/live-reply.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakePlatform, target } from './fake-platform.ts';
import { createFakePosts } from './fake-store.ts';

export const sentence = 'The quick brown fox jumps over the lazy dog.';

/** A live reply on a platform in memory whose messages hold 100 characters. */
export function createReplyRig() {
  const clock = createFakeClock();
  const platform = createFakePlatform(clock, { limit: 100 });
  const budget = createBudget({ clock });
  const posts = createFakePosts();
  const reply = (more: Partial<LiveReplyOptions> = {}) =>
    createLiveReply({
      sender: platform.sender,
      target,
      key: 'k',
      clock,
      budget,
      posts,
      signal: new AbortController().signal,
      ...more,
    });
  return { clock, platform, budget, posts, reply };
}

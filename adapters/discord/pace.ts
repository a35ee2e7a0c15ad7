import type { Pace } from '../../src/core/ports/platform.ts';

/**
 * Discord tells its limits only with its answers. Seen are five posts and five edits in five seconds in a channel;
 * a thread is a channel of its own. Fifty calls in any second are what a bot may make in all.
 */
export const discordPace: Pace = {
  // Fifty in a second that the first of them opens: 6 + 38 * 1.15 are fewer, if they differ by 150 ms on their way.
  bot: { refillPerSecond: 38, burst: 6, reserve: 2 },
  // The window counts; the bucket only keeps its calls apart.
  window: { calls: 5, ms: 5_300 },
  refillPerSecond: 1.2,
  burst: 4,
  reserve: 1,
  minIntervalMs: 1_000,
  maxIntervalMs: 2_000,
  growth: 1.05,
  // Typing is seen for ten seconds.
  typingEveryMs: 8_000,
};

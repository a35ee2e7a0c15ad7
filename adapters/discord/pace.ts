import type { Pace } from '../../src/core/ports/platform.ts';

/**
 * Discord tells its limits only with its answers. Seen are five posts and five edits in five seconds in a channel;
 * a thread is a channel of its own. Fifty calls in any second are what a bot may make in all.
 */
export const discordPace: Pace = {
  bot: { refillPerSecond: 22, burst: 25, reserve: 5 },
  refillPerSecond: 0.85,
  burst: 3,
  reserve: 1,
  minIntervalMs: 1_000,
  maxIntervalMs: 3_000,
  growth: 1.05,
  // Typing is seen for ten seconds.
  typingEveryMs: 8_000,
};

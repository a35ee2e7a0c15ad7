import type { ReplyTarget } from '../../src/core/message.ts';
import type { Allowance, Pace } from '../../src/core/ports/platform.ts';

// Telegram publishes no figures. Its FAQ speaks of a message a second in a chat and twenty a minute in a group,
// edits and typing included, and a bot that goes on beyond that is silenced for minutes or hours.

/** All chats of a bot together: some thirty calls a second. */
const bot: Allowance = { refillPerSecond: 22, burst: 6, reserve: 2 };

const privatePace: Pace = {
  bot,
  refillPerSecond: 0.95,
  burst: 4,
  reserve: 1,
  draft: { refillPerSecond: 3, burst: 3, reserve: 0, minIntervalMs: 300, keepEveryMs: 20_000 },
  minIntervalMs: 800,
  maxIntervalMs: 2_000,
  growth: 1.05,
  // Typing is seen for five seconds.
  typingEveryMs: 4_500,
};

const groupPace: Pace = {
  bot,
  window: { calls: 19, ms: 60_300 },
  refillPerSecond: 0.28,
  burst: 7,
  reserve: 1,
  minIntervalMs: 1_200,
  maxIntervalMs: 4_500,
  growth: 1.1,
  // Once: the answer needs the calls.
  typingEveryMs: 3_600_000,
};

/** The ids of groups are negative. */
export function paceOf({ channel }: ReplyTarget): Pace {
  return channel.startsWith('-') ? groupPace : privatePace;
}

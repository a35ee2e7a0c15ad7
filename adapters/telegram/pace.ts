import type { ReplyTarget } from '../../src/core/message.ts';
import type { Allowance, Pace } from '../../src/core/ports/platform.ts';

// Telegram publishes no figures. Its FAQ speaks of a message a second in a chat and twenty a minute in a group,
// edits and typing included, and a bot that goes on beyond that is silenced for minutes or hours.

/** All chats of a bot together: some thirty calls a second. */
const bot: Allowance = { refillPerSecond: 20, burst: 15, reserve: 5 };

const privatePace: Pace = {
  bot,
  refillPerSecond: 0.9,
  burst: 3,
  reserve: 1,
  minIntervalMs: 900,
  maxIntervalMs: 3_000,
  growth: 1.08,
  // Typing is seen for five seconds.
  typingEveryMs: 4_500,
};

// Never more than twenty within any minute: a full bucket, what flows in, and the first three of a new process.
const groupPace: Pace = {
  bot,
  refillPerSecond: 0.21,
  burst: 4,
  reserve: 1,
  minIntervalMs: 1_200,
  maxIntervalMs: 6_000,
  growth: 1.15,
  // Once: the answer needs the calls.
  typingEveryMs: 3_600_000,
};

/** The ids of groups are negative. */
export function paceOf({ channel }: ReplyTarget): Pace {
  return channel.startsWith('-') ? groupPace : privatePace;
}

/** Drafts, where they are shown: counted apart from messages, and seen for thirty seconds each. */
export const draftPace: NonNullable<Pace['draft']> = {
  refillPerSecond: 3,
  burst: 3,
  reserve: 0,
  minIntervalMs: 300,
  keepEveryMs: 20_000,
};

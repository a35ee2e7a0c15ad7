import type { ReplyTarget } from '../../src/core/message.ts';
import type { Allowance, Pace } from '../../src/core/ports/platform.ts';

// Telegram publishes no figures. Its FAQ speaks of a message a second in a chat and twenty a minute in a group,
// edits and typing included, and a bot that goes on beyond that is silenced for minutes or hours. Tuned with
// `npm run bench:pacing`.

/** All chats of a bot together: some thirty calls a second. */
const bot: Allowance = { refillPerSecond: 25, burst: 5, reserve: 2 };

const privatePace: Pace = {
  bot,
  // Less than one a second, and of the short bursts that are tolerated (five, as it seems) one less.
  refillPerSecond: 0.9,
  burst: 4,
  reserve: 1,
  // Answers of ten seconds are whole before the burst is spent. Bots that edited once a second for long were silenced
  // for minutes: after that it gets slower.
  minIntervalMs: 850,
  maxIntervalMs: 3_000,
  growth: 1.08,
  // Typing is seen for five seconds.
  typingEveryMs: 4_500,
};

const groupPace: Pace = {
  bot,
  // Twenty within any minute, and of these one less. A bucket of six and one in 3.2 s, as others have it, grants 24.
  // And, as in any chat, a message a second and short bursts: a long answer that lands at once is spread over some seconds.
  window: { calls: 19, ms: 60_300, burst: { calls: 5, ms: 5_000 } },
  // The bucket spreads them: eight while an answer is young, the others so that they last. Finals need not wait for it.
  refillPerSecond: 0.18,
  burst: 8,
  reserve: 1,
  minIntervalMs: 1_200,
  maxIntervalMs: 4_000,
  growth: 1.2,
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

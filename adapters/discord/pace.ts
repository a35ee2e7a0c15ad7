import { createHash } from 'node:crypto';
import type { ReplyTarget } from '../../src/core/message.ts';
import type { Pace } from '../../src/core/ports/platform.ts';
import { webhookOf } from './ticket.ts';

/**
 * Discord publishes no figures, and tells its limits only with its answers. Seen are five posts and edits in five seconds
 * in a channel (a thread is a channel of its own), and fifty calls of a bot in a second. Tuned with `npm run bench:pacing`.
 * 0.85 a second beside a bucket of three, as others have it, is more than five in five seconds: the window holds it.
 */
export const discordPace: Pace = {
  // Fifty in a second that the first of them opens: 6 + 38 are fewer, also when they differ by 150 ms on their way.
  bot: { refillPerSecond: 38, burst: 6, reserve: 2 },
  // Five seconds, and what two calls may differ in on their way.
  window: { calls: 5, ms: 5_300 },
  // The window counts; this only keeps calls apart.
  refillPerSecond: 1.2,
  burst: 4,
  reserve: 1,
  // The window grants one in 1,060 ms: a little less often, and there is room for the final when it comes.
  minIntervalMs: 1_100,
  maxIntervalMs: 1_300,
  growth: 1.05,
  // Typing is seen for ten seconds.
  typingEveryMs: 8_000,
};

/** The answer to a slash command has a limit to itself, five in five seconds: with no channel's, nor with the bot's. */
function interactionPace(token: string): Pace {
  const { bot: _, ...paced } = discordPace;
  // A name that is stored must not tell the token.
  const name = createHash('sha256').update(token).digest('base64url').slice(0, 16);
  return {
    ...paced,
    lane: `webhook/${name}`,
    refillPerSecond: 0.9,
    burst: 4,
    reserve: 1,
  };
}

export function paceOf(target: ReplyTarget): Pace {
  const webhook = webhookOf(target);
  return webhook ? interactionPace(webhook.token) : discordPace;
}

import { createHash } from 'node:crypto';
import type { ReplyTarget } from '../../src/core/message.ts';
import type { Pace } from '../../src/core/ports/platform.ts';
import { webhookOf } from './ticket.ts';

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

/** The answer to a slash command has a limit to itself, which counts with no channel's, nor with the bot's. */
function interactionPace(token: string): Pace {
  const { bot: _, ...paced } = discordPace;
  // A name that is stored must not tell the token.
  const name = createHash('sha256').update(token).digest('base64url').slice(0, 16);
  return {
    ...paced,
    lane: `webhook/${name}`,
    window: { calls: 5, ms: 5_000 },
    refillPerSecond: 0.9,
    burst: 4,
    reserve: 1,
  };
}

export function paceOf(target: ReplyTarget): Pace {
  const webhook = webhookOf(target);
  return webhook ? interactionPace(webhook.token) : discordPace;
}

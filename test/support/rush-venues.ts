import { discordPace } from '../../adapters/discord/pace.ts';
import { paceOf } from '../../adapters/telegram/pace.ts';
import {
  defaultRateLimits as discordLimits,
  createRateLimiter as limitDiscord,
} from '../../emulators/discord/rate-limit.ts';
import {
  createRateLimiter as limitTelegram,
  defaultRateLimits as telegramLimits,
} from '../../emulators/telegram/rate-limit.ts';
import { RateLimited } from '../../src/core/errors.ts';
import type { ReplyTarget } from '../../src/core/message.ts';
import type { Limit } from '../../src/core/ports/budget.ts';
import type { Pace } from '../../src/core/ports/platform.ts';

/** A platform as far as its limits go. */
export interface RushVenue {
  readonly name: string;
  readonly target: ReplyTarget;
  readonly pace: Pace;
  open(now: () => number): RushPlatform;
}

export interface RushPlatform {
  /** One call arrives: throws RateLimited, or resolves with what the reply says of the limit. */
  take(kind: 'message' | 'typing'): Limit | undefined;
}

function telegram(name: string, channel: string, kind: 'private' | 'group'): RushVenue {
  const target = { platform: 'telegram', bot: '1', channel };
  return {
    name,
    target,
    pace: paceOf(target),
    open(now) {
      const limiter = limitTelegram(telegramLimits, now);
      return {
        take() {
          const tooMany = limiter.take(1, Number(channel), kind);
          if (tooMany) throw new RateLimited(tooMany.retryAfterSeconds * 1_000);
          return undefined;
        },
      };
    },
  };
}

const discord: RushVenue = {
  name: 'Discord channel',
  target: { platform: 'discord', bot: '1', channel: '7' },
  pace: discordPace,
  open(now) {
    const limiter = limitDiscord(discordLimits, now);
    return {
      take(kind) {
        const bucket = kind === 'typing' ? 'typing' : 'messages';
        const { tooMany, headers } = limiter.take({ bucket, limitKeys: [`1 ${bucket} 7`, '1'] });
        if (tooMany)
          throw new RateLimited(
            tooMany.retryAfterSeconds * 1_000,
            tooMany.scope === 'global' ? 'bot' : 'channel',
          );
        if (kind === 'typing') return undefined;
        const [calls = 0, remaining = 0, seconds = 0] = ['limit', 'remaining', 'reset-after'].map((field) =>
          Number(headers[`x-ratelimit-${field}`]),
        );
        return { calls, remaining, resetAfterMs: seconds * 1_000 };
      },
    };
  },
};

export const rushVenues = {
  dm: telegram('Telegram DM', '7', 'private'),
  group: telegram('Telegram group', '-7', 'group'),
  discord,
} as const;

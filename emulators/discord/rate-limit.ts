import { createHash } from 'node:crypto';

/** So many calls in a window that begins with the first of them. */
interface Limit {
  readonly calls: number;
  readonly seconds: number;
  /**
   * A harsher model, off by default: who calls too often waits this long instead of for the end of the window, and
   * twice as long, from then on, after each call within the wait.
   */
  readonly penaltySeconds?: number;
}

export interface RateLimits {
  /** Creates and edits of messages together, in one channel. */
  readonly messages: Limit;
  readonly deletes: Limit;
  readonly typing: Limit;
  /** Answers to one interaction. */
  readonly webhook: Limit;
  /** Each other route. */
  readonly other: Limit;
  /** All calls of one bot, but for those about interactions. */
  readonly global: Limit;
  /** Calls that earn 401, 403 or 429; after that the server in front answers nothing but 429. */
  readonly invalid: Limit;
}

/** Discord publishes few figures; these are the model that its users' reports agree with. */
export const defaultRateLimits: RateLimits = {
  messages: { calls: 5, seconds: 5 },
  deletes: { calls: 5, seconds: 1 },
  typing: { calls: 5, seconds: 5 },
  webhook: { calls: 5, seconds: 5 },
  other: { calls: 10, seconds: 5 },
  global: { calls: 50, seconds: 1 },
  invalid: { calls: 10_000, seconds: 600 },
};

export type BucketName = 'messages' | 'deletes' | 'typing' | 'webhook' | 'other';

interface Asked {
  /** Nothing for a call that no bucket counts. */
  readonly bucket: BucketName | undefined;
  /** What the call is counted under: in its bucket, and with all the bot's calls where it counts there. */
  readonly limitKeys: readonly string[];
}

interface Allowance {
  readonly headers: Readonly<Record<string, string>>;
  readonly tooMany: TooMany | undefined;
}

interface TooMany {
  readonly retryAfterSeconds: number;
  readonly scope: 'user' | 'global';
}

export interface RateLimiter {
  take(asked: Asked): Allowance;
  countInvalid(): void;
  /** Whether there were too many invalid calls. */
  isBanned(): boolean;
  invalidCalls(): number;
}

export function createRateLimiter(limits: RateLimits | false, now: () => number): RateLimiter {
  const windows = new Map<string, Window>();
  const windowOf = (key: string, limit: Limit) => {
    const known = windows.get(key) ?? createWindow(limit, now);
    windows.set(key, known);
    return known;
  };
  const invalid = createWindow(limits === false ? defaultRateLimits.invalid : limits.invalid, now);

  return {
    take({ bucket, limitKeys: [own = '', everywhere] }) {
      if (limits === false) return { headers: {}, tooMany: undefined };
      const global = everywhere === undefined ? undefined : windowOf(everywhere, limits.global).take();
      if (global?.tooMany === true) return { headers: {}, tooMany: tooMany('global', global) };
      if (bucket === undefined) return { headers: {}, tooMany: undefined };
      const taken = windowOf(own, limits[bucket]).take();
      return {
        headers: bucketHeaders(taken, limits[bucket], own, now()),
        tooMany: taken.tooMany ? tooMany('user', taken) : undefined,
      };
    },
    countInvalid: () => void invalid.take(),
    isBanned: () => limits !== false && invalid.spent() >= limits.invalid.calls,
    invalidCalls: () => invalid.spent(),
  };
}

const tooMany = (scope: TooMany['scope'], { resetAfterMs }: Taken): TooMany => ({
  scope,
  retryAfterSeconds: resetAfterMs / 1000,
});

function bucketHeaders({ remaining, resetAfterMs }: Taken, { calls }: Limit, key: string, at: number) {
  // The same for all channels: the channel is not a part of it, nor is the bot.
  const name = key.split(' ').slice(1, -1).join(' ');
  return {
    'x-ratelimit-limit': String(calls),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': ((at + resetAfterMs) / 1000).toFixed(3),
    'x-ratelimit-reset-after': (resetAfterMs / 1000).toFixed(3),
    'x-ratelimit-bucket': createHash('md5').update(name).digest('hex'),
  };
}

interface Taken {
  readonly tooMany: boolean;
  readonly remaining: number;
  readonly resetAfterMs: number;
}

interface Window {
  take(): Taken;
  spent(): number;
}

function createWindow({ calls, seconds, penaltySeconds }: Limit, now: () => number): Window {
  let endsAt = 0;
  let spent = 0;
  let waitMs = 0;
  const roll = () => {
    if (now() < endsAt) return;
    endsAt = now() + seconds * 1000;
    spent = 0;
    waitMs = 0;
  };
  function punish(seconds: number) {
    waitMs = waitMs === 0 ? seconds * 1000 : waitMs * 2;
    endsAt = now() + waitMs;
  }
  return {
    take() {
      roll();
      const tooMany = spent >= calls;
      if (!tooMany) spent += 1;
      else if (penaltySeconds !== undefined) punish(penaltySeconds);
      return { tooMany, remaining: calls - spent, resetAfterMs: endsAt - now() };
    },
    spent() {
      roll();
      return spent;
    },
  };
}

/** How many calls pass, and how long the silence is that follows one too many. */
type Limit = { readonly penaltySeconds: number } & (
  | { readonly model: 'bucket'; readonly burst: number; readonly perSecond: number }
  | { readonly model: 'window'; readonly calls: number; readonly seconds: number }
);

export interface RateLimits {
  readonly private: Limit;
  readonly group: Limit;
  /** All calls of one token together. */
  readonly token: Limit;
}

/** Telegram publishes no figures; these are the model that its users' reports agree with. */
export const defaultRateLimits: RateLimits = {
  private: { model: 'bucket', burst: 5, perSecond: 1, penaltySeconds: 30 },
  group: { model: 'window', calls: 20, seconds: 60, penaltySeconds: 35 },
  token: { model: 'bucket', burst: 30, perSecond: 30, penaltySeconds: 5 },
};

interface TooMany {
  readonly retryAfterSeconds: number;
  /** The call came before the deadline that an earlier 429 had set. */
  readonly duringPenalty: boolean;
}

export interface RateLimiter {
  /** Counts one call of a bot in a chat; says when it is one too many. */
  take(botId: number, chatId: number, kind: 'private' | 'group'): TooMany | undefined;
}

export function createRateLimiter(limits: RateLimits | false, now: () => number): RateLimiter {
  const meters = new Map<string, Meter>();
  const meter = (key: string, limit: Limit) => {
    const known = meters.get(key) ?? createMeter(limit, now);
    meters.set(key, known);
    return known;
  };
  return {
    take(botId, chatId, kind) {
      if (limits === false) return undefined;
      return meter(`${botId}:${chatId}`, limits[kind]).take() ?? meter(`${botId}`, limits.token).take();
    },
  };
}

interface Meter {
  take(): TooMany | undefined;
}

function createMeter(limit: Limit, now: () => number): Meter {
  const fresh = () => (limit.model === 'bucket' ? bucket(limit) : slidingWindow(limit));
  let passes = fresh();
  let blockedUntil = 0;
  let penaltySeconds = 0;
  return {
    take() {
      const at = now();
      const duringPenalty = at < blockedUntil;
      if (!duringPenalty && passes(at)) return undefined;
      // A call within the penalty doubles it: reports tell of hours for bots that kept calling.
      penaltySeconds = duringPenalty ? penaltySeconds * 2 : limit.penaltySeconds;
      blockedUntil = at + penaltySeconds * 1000;
      // Who waits as long as told may start anew.
      passes = fresh();
      return { retryAfterSeconds: Math.ceil(penaltySeconds), duringPenalty };
    },
  };
}

function bucket({ burst, perSecond }: { burst: number; perSecond: number }) {
  let tokens = burst;
  let filledAt = Number.NEGATIVE_INFINITY;
  return (at: number) => {
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * perSecond);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

function slidingWindow({ calls, seconds }: { calls: number; seconds: number }) {
  let passed: number[] = [];
  return (at: number) => {
    passed = passed.filter((time) => time > at - seconds * 1000);
    if (passed.length >= calls) return false;
    passed.push(at);
    return true;
  };
}

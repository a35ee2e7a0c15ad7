/** How many calls pass, and how long the silence is that follows one too many. */
type Limit = { readonly penaltySeconds: number } & (
  | { readonly model: 'bucket'; readonly burst: number; readonly perSecond: number }
  | { readonly model: 'window'; readonly calls: number; readonly seconds: number }
);

export interface RateLimits {
  readonly private: Limit;
  readonly group: Limit;
  /** Drafts in one private chat. Whether the real server counts them with the messages is unknown. */
  readonly drafts: Limit;
  /** All calls of one token together. */
  readonly token: Limit;
}

/** Telegram publishes no figures; these are the model that its users' reports agree with. */
export const defaultRateLimits: RateLimits = {
  private: { model: 'bucket', burst: 5, perSecond: 1, penaltySeconds: 30 },
  group: { model: 'window', calls: 20, seconds: 60, penaltySeconds: 35 },
  drafts: { model: 'bucket', burst: 5, perSecond: 4, penaltySeconds: 30 },
  token: { model: 'bucket', burst: 30, perSecond: 30, penaltySeconds: 5 },
};

interface TooMany {
  readonly retryAfterSeconds: number;
  /** The call came before the deadline that an earlier 429 had set. */
  readonly duringPenalty: boolean;
}

export interface RateLimiter {
  /** Counts one call of a bot in a chat; says when it is one too many. */
  take(botId: number, chatId: number, kind: 'private' | 'group' | 'drafts'): TooMany | undefined;
}

/** A limiter on the given clock, in milliseconds; without limits it lets everything pass. */
export function createRateLimiter(limits: RateLimits | false, now: () => number): RateLimiter {
  if (limits === false) return { take: () => undefined };
  const penalties = keep((_place: string, _none: undefined) => ({ until: 0, seconds: 0 }));
  const meters = keep((_key: string, limit: Limit) => createMeter(limit));
  // One penalty may follow from several limits: within it every call is refused, of whatever kind.
  const take = (place: string, kind: keyof RateLimits): TooMany | undefined => {
    const at = now();
    const penalty = penalties(place, undefined);
    const limit = limits[kind];
    const meter = meters(`${place} ${kind}`, limit);
    const duringPenalty = at < penalty.until;
    if (!duringPenalty && meter.passes(at)) return undefined;
    // A call within the penalty doubles it: reports tell of hours for bots that kept calling.
    penalty.seconds = duringPenalty ? penalty.seconds * 2 : limit.penaltySeconds;
    penalty.until = at + penalty.seconds * 1000;
    // Who waits as long as told may start anew.
    meter.reset();
    return { retryAfterSeconds: Math.ceil(penalty.seconds), duringPenalty };
  };
  return {
    take: (botId, chatId, kind) => take(`${botId}:${chatId}`, kind) ?? take(`${botId}`, 'token'),
  };
}

function keep<K, T>(create: (key: string, more: K) => T) {
  const known = new Map<string, T>();
  return (key: string, more: K): T => {
    const found = known.get(key) ?? create(key, more);
    known.set(key, found);
    return found;
  };
}

function createMeter(limit: Limit) {
  const fresh = () => (limit.model === 'bucket' ? bucket(limit) : slidingWindow(limit));
  let passes = fresh();
  return {
    passes: (at: number) => passes(at),
    reset() {
      passes = fresh();
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

import type { ReplyTarget } from './message.ts';
import type { Clock, Pace } from './ports.ts';

/** What a write is for: finals and first paints may use the reserve, previews and typing may not. */
export type Purpose = 'final' | 'first' | 'preview' | 'typing';

/** The pace of every channel that this process writes to. */
export interface Paces {
  /** Takes a token and returns 0, or takes nothing and returns how many milliseconds to wait before asking again. */
  request(target: ReplyTarget, pace: Pace, purpose: Purpose): number;
  /** The platform asked for silence: nothing at all is granted before it is over. */
  block(target: ReplyTarget, forMs: number): void;
}

interface Bucket {
  tokens: number;
  /** When `tokens` was right. */
  at: number;
  blockedUntil: number;
}

/** A full bucket is as good as none: so many are kept before those are dropped. */
const bucketsKept = 1_000;

export function createPaces(clock: Clock): Paces {
  const buckets = new Map<string, Bucket>();

  function bucketOf({ platform, bot, channel }: ReplyTarget, pace?: Pace): Bucket {
    const id = JSON.stringify([platform, bot, channel]);
    const found = buckets.get(id);
    if (found) return found;
    if (buckets.size >= bucketsKept) dropIdle(buckets, clock.now());
    const bucket = { tokens: pace?.burst ?? 0, at: clock.now(), blockedUntil: 0 };
    buckets.set(id, bucket);
    return bucket;
  }

  return {
    request(target, pace, purpose) {
      const bucket = bucketOf(target, pace);
      const now = clock.now();
      if (now < bucket.blockedUntil) return bucket.blockedUntil - now;
      refill(bucket, pace, now);
      const needed = purpose === 'final' || purpose === 'first' ? 1 : 1 + pace.reserve;
      if (bucket.tokens < needed) return Math.ceil(((needed - bucket.tokens) / pace.refillPerSecond) * 1_000);
      bucket.tokens -= 1;
      return 0;
    },
    block(target, forMs) {
      const bucket = bucketOf(target);
      const until = clock.now() + forMs;
      // The platform's own bucket is empty now, so ours starts from nothing when the silence is over.
      Object.assign(bucket, { tokens: 0, at: until, blockedUntil: Math.max(bucket.blockedUntil, until) });
    },
  };
}

function refill(bucket: Bucket, pace: Pace, now: number): void {
  if (now <= bucket.at) return;
  bucket.tokens = Math.min(pace.burst, bucket.tokens + ((now - bucket.at) / 1_000) * pace.refillPerSecond);
  bucket.at = now;
}

const idleAfterMs = 120_000;

function dropIdle(buckets: Map<string, Bucket>, now: number): void {
  for (const [id, bucket] of buckets) if (now - bucket.at > idleAfterMs) buckets.delete(id);
}

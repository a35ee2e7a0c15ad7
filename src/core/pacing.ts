import type { ReplyTarget } from './message.ts';
import type { Allowance, Clock, Pace } from './ports.ts';

/** What a write is for: finals and first paints may use the reserve, previews and typing may not. */
type Purpose = 'final' | 'first' | 'preview' | 'typing';

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

  function bucketOf(...place: string[]): Bucket | undefined {
    return buckets.get(JSON.stringify(place));
  }

  function add(bucket: Bucket, ...place: string[]): Bucket {
    if (buckets.size >= bucketsKept) dropIdle(buckets, clock.now());
    buckets.set(JSON.stringify(place), bucket);
    return bucket;
  }

  function open(allowance: Allowance, ...place: string[]): Bucket {
    return bucketOf(...place) ?? add({ tokens: allowance.burst, at: clock.now(), blockedUntil: 0 }, ...place);
  }

  return {
    request({ platform, bot, channel }, pace, purpose) {
      const now = clock.now();
      const asked: [Bucket, Allowance][] = [[open(pace, platform, bot, channel), pace]];
      if (pace.bot) asked.push([open(pace.bot, platform, bot), pace.bot]);
      const waitMs = Math.max(
        ...asked.map(([bucket, allowance]) => waitFor(bucket, allowance, purpose, now)),
      );
      if (waitMs === 0) for (const [bucket] of asked) bucket.tokens -= 1;
      return waitMs;
    },
    block({ platform, bot, channel }, forMs) {
      const until = clock.now() + forMs;
      const place = [platform, bot, channel] as const;
      const bucket = bucketOf(...place) ?? add({ tokens: 0, at: until, blockedUntil: until }, ...place);
      // The platform's own bucket is empty now, so ours starts from nothing when the silence is over.
      bucket.tokens = 0;
      bucket.blockedUntil = Math.max(bucket.blockedUntil, until);
      bucket.at = bucket.blockedUntil;
    },
  };
}

function waitFor(bucket: Bucket, allowance: Allowance, purpose: Purpose, now: number): number {
  if (now < bucket.blockedUntil) return bucket.blockedUntil - now;
  refill(bucket, allowance, now);
  const needed = purpose === 'final' || purpose === 'first' ? 1 : 1 + allowance.reserve;
  return bucket.tokens >= needed
    ? 0
    : Math.ceil(((needed - bucket.tokens) / allowance.refillPerSecond) * 1_000);
}

function refill(bucket: Bucket, { burst, refillPerSecond }: Allowance, now: number): void {
  if (now <= bucket.at) return;
  bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * refillPerSecond);
  bucket.at = now;
}

const idleAfterMs = 120_000;

function dropIdle(buckets: Map<string, Bucket>, now: number): void {
  for (const [id, bucket] of buckets) if (now - bucket.at > idleAfterMs) buckets.delete(id);
}

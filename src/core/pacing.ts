import type { RateLimited } from './errors.ts';
import type { ReplyTarget } from './message.ts';
import type { Allowance, Pace } from './ports/platform.ts';
import type { Clock } from './ports/world.ts';

/** What a write is for: finals and first paints may use the reserve, previews and typing may not. */
type Purpose = 'final' | 'first' | 'preview' | 'typing';

/** The pace of every channel that this process writes to. */
export interface Paces {
  /** Takes a token and returns 0, or takes nothing and returns how many milliseconds to wait before asking again. */
  request(target: ReplyTarget, pace: Pace, purpose: Purpose): number;
  /** The platform asked for silence: nothing at all is granted before it is over. */
  block(target: ReplyTarget, asked: Pick<RateLimited, 'retryAfterMs' | 'scope'>): void;
}

interface Bucket {
  tokens: number;
  /** When `tokens` was right. */
  at: number;
  blockedUntil: number;
}

/** A full bucket is as good as none: so many are kept before those are dropped. */
const bucketsKept = 1_000;

/** For so long after its start a process does not know what was sent before it. */
const youngForMs = 60_000;
/** Enough for typing, a first paint and a final. */
const tokensWhenYoung = 3;

/** Two silences within this time are one. */
const togetherMs = 10_000;

export function createPaces(clock: Clock): Paces {
  const startedAt = clock.now();
  const buckets = new Map<string, Bucket>();
  /** By bot: which channel was silenced last, and when. */
  const silenced = new Map<string, { readonly channel: string; readonly at: number }>();

  function open(place: readonly string[], tokens: number): Bucket {
    const id = JSON.stringify(place);
    const found = buckets.get(id);
    if (found) return found;
    if (buckets.size >= bucketsKept) dropIdle(buckets, clock.now());
    const bucket = { tokens, at: clock.now(), blockedUntil: 0 };
    buckets.set(id, bucket);
    return bucket;
  }

  /** What the process before this one has just sent counts at the platform, and is not known here. */
  function atFirst({ burst }: Allowance): number {
    return clock.now() - startedAt < youngForMs ? Math.min(burst, tokensWhenYoung) : burst;
  }

  function silence(bucket: Bucket, until: number): void {
    // The platform's own bucket is empty now, so ours starts from nothing when the silence is over.
    bucket.tokens = 0;
    bucket.blockedUntil = Math.max(bucket.blockedUntil, until);
    bucket.at = bucket.blockedUntil;
  }

  /** Two channels at a time: all of them are meant, and each further call would make it worse. */
  function guessScope(platform: string, bot: string, channel: string): RateLimited['scope'] {
    const account = JSON.stringify([platform, bot]);
    const at = clock.now();
    const former = silenced.get(account);
    silenced.set(account, { channel, at });
    return former && former.channel !== channel && at - former.at < togetherMs ? 'bot' : 'channel';
  }

  return {
    request({ platform, bot, channel }, pace, purpose) {
      const now = clock.now();
      const asked: [Bucket, Allowance][] = [[open([platform, bot, channel], atFirst(pace)), pace]];
      if (pace.bot) asked.push([open([platform, bot], pace.bot.burst), pace.bot]);
      const waitMs = Math.max(
        ...asked.map(([bucket, allowance]) => waitFor(bucket, allowance, purpose, now)),
      );
      if (waitMs === 0) for (const [bucket] of asked) bucket.tokens -= 1;
      return waitMs;
    },
    block({ platform, bot, channel }, { retryAfterMs, scope = guessScope(platform, bot, channel) }) {
      const until = clock.now() + retryAfterMs;
      silence(open([platform, bot, channel], 0), until);
      if (scope === 'bot') silence(open([platform, bot], 0), until);
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

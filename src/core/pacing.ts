import type { RateLimited } from './errors.ts';
import { createLine, type Line } from './line.ts';
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

/** Whose turn is further away than this asks again half-way: those before it may have left. */
const soonMs = 1_000;

/** Two silences within this time are one. */
const togetherMs = 10_000;

export function createPaces(clock: Clock): Paces {
  const startedAt = clock.now();
  const buckets = new Map<string, Bucket>();
  /** By bot: the channels whose previews wait for what all of them share. */
  const lines = new Map<string, Line>();
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

  function lineOf(account: string): Line {
    const line = lines.get(account) ?? createLine(clock);
    lines.set(account, line);
    return line;
  }

  /** Takes a token of what all channels share, or says how long to wait. Previews leave one for each that waits longer. */
  function share({ platform, bot, channel }: ReplyTarget, allowance: Allowance, purpose: Purpose): number {
    const bucket = open([platform, bot], allowance.burst);
    const line = lineOf(JSON.stringify([platform, bot]));
    const before = purpose === 'preview' ? line.before(channel) : 0;
    const turnMs = waitFor(bucket, allowance, purpose, clock.now(), before);
    if (turnMs === 0) {
      bucket.tokens -= 1;
      line.leave(channel);
      return 0;
    }
    if (purpose !== 'preview') return turnMs;
    const waitMs = turnMs > soonMs ? Math.ceil(turnMs / 2) : turnMs;
    line.wait(channel, waitMs);
    return waitMs;
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
    request(target, pace, purpose) {
      const { platform, bot, channel } = target;
      const own = open([platform, bot, channel], atFirst(pace));
      const waitMs =
        waitFor(own, pace, purpose, clock.now()) || (pace.bot ? share(target, pace.bot, purpose) : 0);
      if (waitMs === 0) own.tokens -= 1;
      return waitMs;
    },
    block({ platform, bot, channel }, { retryAfterMs, scope = guessScope(platform, bot, channel) }) {
      const until = clock.now() + retryAfterMs;
      silence(open([platform, bot, channel], 0), until);
      if (scope === 'bot') silence(open([platform, bot], 0), until);
    },
  };
}

/** `before`: how many others are to have one first. */
function waitFor(bucket: Bucket, allowance: Allowance, purpose: Purpose, now: number, before = 0): number {
  if (now < bucket.blockedUntil) return bucket.blockedUntil - now;
  refill(bucket, allowance, now);
  const needed = 1 + before + (purpose === 'final' || purpose === 'first' ? 0 : allowance.reserve);
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

import type { Clock, Log } from '../../src/core/ports/world.ts';
import type { Call } from './call.ts';
import { failureOf, isPassing } from './failure.ts';
import { pagesAfter } from './pages.ts';
import type { Seen, Spot } from './seen.ts';
import { firstIdAt } from './snowflake.ts';
import { createTurns, TooLong } from './turns.ts';

export interface LookUpOptions {
  readonly call: Call;
  readonly seen: Seen;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Takes a message in; resolves when it is in the store, where it has to be. */
  readonly take: (payload: unknown, spot: Spot) => Promise<void>;
  /** What is older is left alone. */
  readonly answerWithinMs: number;
  /** How long what cannot be looked up is waited for. */
  readonly patienceMs: number;
}

/** Looks up what was written in channels, and tells at the end what has come of it. */
interface LookUp {
  /** Never rejects. */
  inChannel(job: Job): Promise<void>;
  /** In so many channels it is not done. */
  leave(channels: number): void;
  end(): void;
}

interface Job {
  readonly spot: Spot;
  /** Nothing of it has been seen to. */
  readonly isNew: boolean;
}

const firstWaitMs = 1_000;
const longestWaitMs = 15_000;

export function createLookUp(options: LookUpOptions): LookUp {
  const { call, seen, clock, log, signal, take, answerWithinMs, patienceMs } = options;
  const turns = createTurns(clock, signal, patienceMs);
  let tally = newTally();
  /** Since when no call has succeeded. */
  let failingSince: number | undefined;

  /** To its end, or to that of the bridge. */
  const rest = (ms: number) => clock.sleep(ms, signal).catch(() => undefined);

  async function inChannel(job: Job): Promise<void> {
    const since = clock.now();
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await fill(job);
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof TooLong) return void tally.failed.push(error.message);
        const failure = failureOf(error);
        const isGone = (failure.status === 403 || failure.status === 404) && !failure.isForeign;
        if (isGone) return seen.forget(job.spot.channel);
        failingSince ??= clock.now();
        const isOver = clock.now() - Math.min(since, failingSince) >= patienceMs;
        if (isOver || !(isPassing(failure) || failure.isForeign))
          return void tally.failed.push(failure.reason);
        // A limit is everybody's; another failure may be that of one channel.
        if (failure.retryAfterMs !== undefined) turns.wait(failure.retryAfterMs);
        else await rest(Math.min(firstWaitMs * 2 ** attempt, longestWaitMs));
      }
    }
  }

  async function fill({ spot, isNew }: Job): Promise<void> {
    // Where nothing was seen to, all before that is left alone.
    const after = (!isNew && seen.find(spot.channel)?.last) || firstIdAt(clock.now() - answerWithinMs);
    const { found, isCut } = await pagesAfter(call, turns.take, spot.channel, after);
    failingSince = undefined;
    if (isCut) tally.cut += 1;
    for (const { id, payload } of found) {
      signal.throwIfAborted();
      await take(payload, spot);
      seen.pass(spot, id);
      tally.messages += 1;
    }
  }

  return {
    inChannel,
    leave(channels) {
      tally.left += Math.max(0, channels);
    },
    end() {
      failingSince = undefined;
      tellOf(tally, log);
      tally = newTally();
    },
  };
}

interface Tally {
  messages: number;
  cut: number;
  left: number;
  readonly failed: string[];
}

const newTally = (): Tally => ({ messages: 0, cut: 0, left: 0, failed: [] });

function tellOf({ messages, cut, left, failed }: Tally, log: Log): void {
  if (messages > 0) log.info({ messages }, 'messages that were written meanwhile have been looked up');
  if (cut > 0) log.warn({ channels: cut }, 'too much was written meanwhile: the oldest of it is left alone');
  if (left > 0) log.warn({ channels: left }, 'too many channels were active: in some nothing is looked up');
  if (failed.length > 0)
    log.warn(
      { channels: failed.length, reason: failed[0] },
      'what was written meanwhile could not be looked up',
    );
}

import { backOffMs } from '../../src/core/back-off.ts';
import type { Clock, Log } from '../../src/core/ports/world.ts';
import type { Call } from './call.ts';
import { failureOf, isPassing } from './failure.ts';
import { createLater, type LateJob } from './later.ts';
import { pagesAfter } from './pages.ts';
import type { Seen, Spot } from './seen.ts';
import { firstIdAt } from './snowflake.ts';
import { createTurns, TooLong, type Turns } from './turns.ts';

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

const longestWaitMs = 15_000;

export function createLookUp(options: LookUpOptions): LookUp {
  const { seen, clock, log, signal, answerWithinMs, patienceMs } = options;
  const turns = createTurns(clock, signal, patienceMs);
  let tally = newTally();
  /** Of what nobody waits for. */
  let lateTally = newTally();
  /** Since when no call has succeeded. */
  let failingSince: number | undefined;
  const later = createLater({ clock, signal, forMs: answerWithinMs, look: lookLater, onRound });

  /** To its end, or to that of the bridge. */
  const rest = (ms: number) => clock.sleep(ms, signal).catch(() => undefined);

  /** Where nothing was seen to, all before that is left alone. */
  const startOf = ({ spot, isNew }: Job) =>
    (!isNew && seen.find(spot.channel)?.last) || firstIdAt(clock.now() - answerWithinMs);

  async function fill(spot: Spot, after: string, counts: Tally): Promise<void> {
    await lookUp(options, turns, { spot, after }, counts, () => {
      failingSince = undefined;
    });
  }

  async function inChannel(job: Job): Promise<void> {
    const since = clock.now();
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await fill(job.spot, startOf(job), tally);
      } catch (error) {
        if (signal.aborted) return;
        const { reason, isGone, isPassing, retryAfterMs } = troubleOf(error);
        if (isGone) return seen.forget(job.spot.channel);
        if (!isPassing) return void tally.failed.push(reason);
        failingSince ??= clock.now();
        const waitedMs = clock.now() - Math.min(since, failingSince);
        if (error instanceof TooLong || waitedMs >= patienceMs) {
          tally.late.push(reason);
          return later.add({ spot: job.spot, after: startOf(job), since });
        }
        // A limit is everybody's; another failure may be that of one channel.
        if (retryAfterMs !== undefined) turns.wait(retryAfterMs);
        else await rest(backOffMs(attempt, longestWaitMs));
      }
    }
  }

  async function lookLater({ spot, after }: LateJob): Promise<boolean> {
    try {
      await fill(spot, after, lateTally);
    } catch (error) {
      const { reason, isGone, isPassing, retryAfterMs } = troubleOf(error);
      if (retryAfterMs !== undefined) turns.wait(retryAfterMs);
      if (isPassing) return false;
      if (isGone) seen.forget(spot.channel);
      else lateTally.failed.push(reason);
    }
    return true;
  }

  function onRound(givenUp: number): void {
    lateTally.failed.push(...Array<string>(givenUp).fill('no time is left for it'));
    tellOf(lateTally, log);
    lateTally = newTally();
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

async function lookUp(
  { call, seen, signal, take }: LookUpOptions,
  turns: Turns,
  { spot, after }: Pick<LateJob, 'spot' | 'after'>,
  tally: Tally,
  onAnswer: () => void,
): Promise<void> {
  const { found, isCut } = await pagesAfter(call, turns.take, spot.channel, after);
  onAnswer();
  if (isCut) tally.cut += 1;
  for (const { id, payload } of found) {
    signal.throwIfAborted();
    await take(payload, spot);
    seen.pass(spot, id);
    tally.messages += 1;
  }
}

interface Trouble {
  readonly reason: string;
  /** The channel is, or may no longer be seen. */
  readonly isGone: boolean;
  /** Time may mend it. */
  readonly isPassing: boolean;
  readonly retryAfterMs?: number | undefined;
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof TooLong) return { reason: error.message, isGone: false, isPassing: true };
  const failure = failureOf(error);
  const { status, reason, isForeign = false, retryAfterMs } = failure;
  return {
    reason,
    isGone: (status === 403 || status === 404) && !isForeign,
    isPassing: isPassing(failure) || isForeign,
    retryAfterMs,
  };
}

interface Tally {
  messages: number;
  cut: number;
  left: number;
  readonly failed: string[];
  readonly late: string[];
}

const newTally = (): Tally => ({ messages: 0, cut: 0, left: 0, failed: [], late: [] });

function tellOf({ messages, cut, left, failed, late }: Tally, log: Log): void {
  if (messages > 0) log.info({ messages }, 'messages that were written meanwhile have been looked up');
  if (cut > 0) log.warn({ channels: cut }, 'too much was written meanwhile: the oldest of it is left alone');
  if (left > 0) log.warn({ channels: left }, 'too many channels were active: in some nothing is looked up');
  if (late.length > 0)
    log.warn(
      { channels: late.length, reason: late[0] },
      'what was written meanwhile could not be looked up yet; trying again',
    );
  if (failed.length > 0)
    log.warn(
      { channels: failed.length, reason: failed[0] },
      'what was written meanwhile could not be looked up',
    );
}

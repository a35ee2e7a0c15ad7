import type { Clock } from '../../src/core/ports/world.ts';
import type { Spot } from './seen.ts';
import { isLater } from './snowflake.ts';

/** What was written in a channel after a message, and could not be looked up while it was waited for. */
export interface LateJob {
  readonly spot: Spot;
  /** The last message before it, whatever has been seen to since. */
  readonly after: string;
  /** Since when it has been tried, in milliseconds since 1970. */
  readonly since: number;
}

interface LaterOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long a job is tried. */
  readonly forMs: number;
  /** False when it is to be tried again. Must not reject. */
  readonly look: (job: LateJob) => Promise<boolean>;
  /** After each round, with the number of those that are tried no more. */
  readonly onRound: (givenUp: number) => void;
}

const firstWaitMs = 15_000;
const longestWaitMs = 60_000;
/** After so many in a row that have failed, the others would fail too: they come first the next time. */
const mostFailures = 3;

/** Tries what nobody waits for any more, a round at a time, one job for each channel. */
export function createLater({ clock, signal, forMs, look, onRound }: LaterOptions): {
  add(job: LateJob): void;
} {
  const waiting = new Map<string, LateJob>();
  let isRunning = false;

  function remove(job: LateJob): void {
    if (waiting.get(job.spot.channel) === job) waiting.delete(job.spot.channel);
  }

  function giveUp(): number {
    const over = [...waiting.values()].filter(({ since }) => clock.now() - since >= forMs);
    over.forEach(remove);
    return over.length;
  }

  /** Whether anything has come of it. */
  async function round(): Promise<boolean> {
    const before = waiting.size;
    let failures = 0;
    for (const job of [...waiting.values()]) {
      if (signal.aborted || failures >= mostFailures) break;
      const isDone = await look(job);
      failures = isDone ? 0 : failures + 1;
      const current = waiting.get(job.spot.channel);
      remove(job);
      if (!isDone && current) waiting.set(job.spot.channel, current);
    }
    return waiting.size < before;
  }

  async function run(): Promise<void> {
    isRunning = true;
    try {
      for (let waitMs = firstWaitMs; waiting.size > 0; ) {
        await clock.sleep(waitMs, signal);
        const isBetter = await round();
        waitMs = isBetter ? firstWaitMs : Math.min(waitMs * 2, longestWaitMs);
        onRound(giveUp());
      }
    } catch {
      // The end.
    } finally {
      isRunning = false;
    }
  }

  return {
    add(job) {
      const known = waiting.get(job.spot.channel);
      const isLonger = known && isLater(job.after, known.after);
      waiting.set(job.spot.channel, isLonger ? { ...job, after: known.after } : job);
      if (!isRunning) void run();
    },
  };
}

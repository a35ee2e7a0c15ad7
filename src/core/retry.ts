import { CozeFailed } from './errors.ts';
import type { TurnRecord } from './ports/store.ts';

/** How many attempts at a message may fail before it goes to the dead letters. */
export const maxAttempts = 5;

/**
 * How many may end in no way at all, because their worker died. It is seldom the message that kills its worker: whatever
 * kills one takes away all that it has in hand, and in a loop of crashes most of that is innocent.
 */
export const maxDeaths = 30;

/** Whether a turn has got further: whatever failed or died before that, did not do so for ever. */
export function isProgress(before: TurnRecord | undefined, after: TurnRecord): boolean {
  const isNamed = after.chat !== undefined && before?.chat === undefined;
  const isWhole = after.ending !== undefined && before?.ending === undefined;
  const hasLooked = (after.posting?.tried?.length ?? 0) > (before?.posting?.tried?.length ?? 0);
  return isNamed || isWhole || hasLooked || after.posted.length > (before?.posted.length ?? 0);
}

/** The waits between attempts, in milliseconds. */
export const retryDelaysMs: readonly number[] = [1_000, 2_000, 4_000, 8_000];

const longestDelayMs = 60_000;

/** How long to wait after attempt number `attempt` failed with `error`, which may ask for longer (`retryAfterMs`). */
export function retryDelayMs(attempt: number, error: unknown, delays = retryDelaysMs): number {
  const planned = (delays[Math.min(attempt, delays.length) - 1] ?? 0) * patienceWith(error);
  return Math.min(Math.max(planned, askedFor(error)), longestDelayMs);
}

/** A chat that still runs ends when its answer does; most often it is our own, of a process that died. */
function patienceWith(error: unknown): number {
  return error instanceof CozeFailed && error.facts.kind === 'occupied' ? 3 : 1;
}

function askedFor(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 0;
  if ('retryAfterMs' in error && typeof error.retryAfterMs === 'number') return error.retryAfterMs;
  return 'facts' in error ? askedFor(error.facts) : 0;
}

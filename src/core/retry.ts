import { CozeFailed } from './errors.ts';
import type { DeadLetter, TurnRecord } from './ports/store.ts';

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

/** Why a message is a dead letter that none of its attempts came to an end of. */
export const diedEachTime = `its worker died during ${maxDeaths} attempts`;

/** What comes back into its line of a dead letter: who is away is waited for anew. */
export function revived({ message, record }: DeadLetter): Pick<DeadLetter, 'message' | 'record'> {
  const { openUntil: _, ...closed } = message;
  const { away: __, ...rest } = record ?? {};
  return { message: closed, ...(record && { record: rest as TurnRecord }) };
}

/** How long the ids of messages and resets are known again: longer than a platform redelivers (Telegram: 24 h). */
export const knownForMs = 25 * 60 * 60 * 1_000;

/** How long it is known what the last question of a line has come to. */
export const answeredForMs = 10 * 60 * 1_000;

/** How long our own messages are known. */
export const postsKnownForMs = 60 * 60 * 1_000;

/** How long an id is claimed by whoever looks whether it is a lost post. */
export const claimedForMs = 60 * 1_000;

/** How long a suggested question can be asked with its button. */
export const suggestedForMs = 7 * 24 * 60 * 60 * 1_000;

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

/** What a log or a dead letter says of a failure: never what else an error may carry. */
export function describeFailure(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `not an error but ${typeof error}`;
}

import type { DeadLetter, TurnRecord } from './ports/store.ts';
import { maxDeaths } from './retry.ts';

/** Why a message is a dead letter that none of its attempts came to an end of. */
export const diedEachTime = `its worker died during ${maxDeaths} attempts`;

/** What comes back into its line of a dead letter: who is away is waited for anew. */
export function revived({ message, record }: DeadLetter): Pick<DeadLetter, 'message' | 'record'> {
  const { openUntil: _, ...closed } = message;
  const { away: __, ...rest } = record ?? {};
  return { message: closed, ...(record && { record: rest as TurnRecord }) };
}

/** What a log or a dead letter says of a failure: never what else an error may carry. */
export function describeFailure(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : `not an error but ${typeof error}`;
}

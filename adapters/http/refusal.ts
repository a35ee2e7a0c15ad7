import { CozeFailed } from '../../src/core/errors.ts';
import { type Notice, notice } from '../../src/core/notices.ts';

/** The request cannot be answered: a status of HTTP, and why, in words for whoever sent it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly statusCode: number;
  /** What the standards want beside this status. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(statusCode: number, words: string, headers: Readonly<Record<string, string>> = {}) {
    super(words);
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

/** What Coze says of a file is more than one status can tell; the rest is as for answers. */
const statusesOfCodes: Partial<Record<number, number>> = { 4302: 413, 4303: 415 };

/** A failure of Coze in our own words: its own may tell of the account. */
export function refusalOf(error: unknown, locale: string | undefined): unknown {
  if (!(error instanceof CozeFailed)) return error;
  const { kind, code = 0 } = error.facts;
  return new Refusal(statusesOfCodes[code] ?? statusOf(kind), notice(kind, locale));
}

/** What a failed answer means to a program. Everything else: it may try again (503). */
const statuses: Partial<Record<Notice, number>> = {
  occupied: 409,
  refused: 422,
  'too-long': 422,
  file: 422,
  gone: 404,
};

export const statusOf = (failure: Notice): number => statuses[failure] ?? 503;

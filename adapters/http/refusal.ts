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
  const { kind, code = 0, retryAfterMs } = error.facts;
  const { statusCode, message, headers } = refuse(kind, notice(kind, locale), retryAfterMs);
  return new Refusal(statusesOfCodes[code] ?? statusCode, message, headers);
}

/** What a failed answer means to a program. Everything else: it may try again (503). */
const statuses: Partial<Record<Notice, number>> = {
  occupied: 409,
  refused: 422,
  'too-long': 422,
  file: 422,
  gone: 404,
};

/** A limit of Coze is one for a minute at the most. The other failures pass with somebody's help, or with another try. */
const busyForMs = 60_000;

/** The refusal that a failure means to a program; `retryAfterMs` is what Coze asks for. */
export function refuse(failure: Notice, words: string, retryAfterMs = busyForMs): Refusal {
  const headers = failure === 'busy' ? retryAfter(retryAfterMs / 1_000) : {};
  return new Refusal(statuses[failure] ?? 503, words, headers);
}

export const retryAfter = (seconds: number) => ({ 'retry-after': String(Math.ceil(seconds)) });

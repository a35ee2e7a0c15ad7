/** What is known of a call that failed, without the token, payload and address that discord.js's errors carry. */
export interface CallFailure {
  /** The HTTP status; undefined when no answer of Discord was read. */
  readonly status: number | undefined;
  /** Discord's own error code. */
  readonly code: number | undefined;
  /** For the log: holds no id and no token. */
  readonly reason: string;
  readonly retryAfterMs?: number;
  /** The wait is meant for all channels. */
  readonly isGlobal?: boolean;
  readonly landed: 'no' | 'unknown';
}

/** Told by their fields, as discord.js itself is loaded only where it is used. */
type Known = Partial<
  Record<'status' | 'code' | 'message' | 'rawError' | 'timeToReset' | 'retryAfter' | 'global', unknown>
>;

export function failureOf(error: unknown): CallFailure {
  const known: Known = Object(error);
  if (typeof known.timeToReset === 'number') return rateLimit(known);
  if (typeof known.status === 'number') return refusal(known.status, known);
  return networkFailure(known);
}

const usualPenaltyMs = 5_000;

function rateLimit({ timeToReset, retryAfter, global }: Known): CallFailure {
  const waits = [timeToReset, retryAfter].map(Number).filter((wait) => wait > 0);
  return {
    status: 429,
    code: undefined,
    reason: 'rate limit',
    retryAfterMs: waits.length > 0 ? Math.ceil(Math.max(...waits)) : usualPenaltyMs,
    isGlobal: global === true,
    landed: 'no',
  };
}

function refusal(status: number, { code, message, rawError }: Known): CallFailure {
  const { retry_after, message: said } = Object(rawError) as { retry_after?: unknown; message?: unknown };
  return {
    status,
    code: typeof code === 'number' && code > 0 ? code : undefined,
    reason: masked(said ?? message),
    ...(typeof retry_after === 'number' && { retryAfterMs: Math.ceil(retry_after * 1_000) }),
    landed: status < 500 ? 'no' : 'unknown',
  };
}

/** Codes of connections that never came about. */
const neverConnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|UND_ERR_CONNECT_TIMEOUT|.*CERT.*|ERR_TLS_.*|the proxy .*)$/;

function networkFailure({ code }: Known): CallFailure {
  const isNamed = typeof code === 'string';
  return {
    status: undefined,
    code: undefined,
    reason: isNamed ? code : 'no answer',
    landed: isNamed && neverConnected.test(code) ? 'no' : 'unknown',
  };
}

/** Words from outside, as far as a log may have them. */
export function masked(words: unknown): string {
  return String(words)
    .replace(/\w+:\/\/\S+|[\w-]{20,}(\.[\w-]+)*|\d{5,}/g, '…')
    .slice(0, 200);
}

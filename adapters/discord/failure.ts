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
  /** It was not made at all, for it would have been too much. */
  readonly isForeseen?: boolean;
  readonly landed: 'no' | 'unknown';
  /** What Discord finds wrong with the form, by the names of the fields. */
  readonly fields?: readonly string[];
  /** Refused by something on the way to Discord, a firewall perhaps. */
  readonly isForeign?: boolean;
}

/** Time may mend it: there was no answer, the server fails, or there is a limit. */
export const isPassing = ({ status }: CallFailure): boolean =>
  status === undefined || status >= 500 || status === 429;

/** Told by their fields, as discord.js itself is loaded only where it is used. */
type Known = Partial<
  Record<
    'status' | 'code' | 'message' | 'rawError' | 'timeToReset' | 'retryAfter' | 'global' | 'hasReply',
    unknown
  >
>;

export function failureOf(error: unknown): CallFailure {
  const known: Known = Object(error);
  if (typeof known.timeToReset === 'number') return rateLimit(known);
  if (typeof known.status === 'number') return refusal(known.status, known);
  return networkFailure(known);
}

const usualPenaltyMs = 5_000;

function rateLimit({ timeToReset, retryAfter, global, hasReply }: Known): CallFailure {
  const waits = [timeToReset, retryAfter].map(Number).filter((wait) => wait > 0);
  return {
    status: 429,
    code: undefined,
    reason: 'rate limit',
    retryAfterMs: waits.length > 0 ? Math.ceil(Math.max(...waits)) : usualPenaltyMs,
    isGlobal: global === true,
    isForeseen: hasReply === false,
    landed: 'no',
  };
}

type Said = Partial<Record<'retry_after' | 'message' | 'errors', unknown>>;

function refusal(status: number, { code, message, rawError }: Known): CallFailure {
  const { retry_after, message: said, errors }: Said = Object(rawError);
  const isForeign = status < 500 && said === undefined;
  return {
    status,
    code: typeof code === 'number' && code > 0 ? code : undefined,
    reason: isForeign ? `${status} in words that are not Discord’s` : masked(said ?? message),
    ...(typeof retry_after === 'number' && { retryAfterMs: Math.ceil(retry_after * 1_000) }),
    landed: status < 500 ? 'no' : 'unknown',
    fields: Object.keys(Object(errors)),
    isForeign,
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

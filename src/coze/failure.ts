import { CozeFailed, type CozeFailure } from '../core/errors.ts';

/** What is known of a failure: what Coze said in its reply or in its stream, and how far the request had come. */
export interface Signs {
  /** Coze's code: a number, or a string of digits where a chatflow failed. 0 and nothing mean the same. */
  readonly code?: unknown;
  readonly status?: number | undefined;
  readonly said?: unknown;
  readonly logid?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Coze has begun the chat: asking again would ask, and pay, twice. */
  readonly begun: boolean;
  /** Not Coze has said so, but something before it. */
  readonly isForeign?: boolean;
}

// https://www.coze.cn/docs/developer_guides/coze_error_codes; 4027, 4028 and 788788103 are in the official chat SDK only.
const codes: Partial<Record<CozeFailure, readonly number[]>> = {
  busy: [4009, 4013, 4020, 4102, 5000],
  occupied: [4016],
  quota: [4008, 4011, 4019, 4022, 4027, 4028, 788788103],
  token: [4100, 700012006],
  config: [4000, 4003, 4004, 4005, 4006, 4007, 4012, 4015, 4021, 4101, 4200],
  refused: [4014],
  'too-long': [4010],
  file: [4300, 4301, 4302, 4303, 4304],
  gone: [4001, 4002],
};

const kindOfCode = new Map(
  Object.entries(codes).flatMap(([kind, numbers]) => numbers.map((code) => [code, kind as CozeFailure])),
);

/** How often it may be asked: at once, and in a minute. 4013 says so in the official chat SDK. */
const limits = [4009, 4013, 4020];

/** 4020 is a limit per minute, 4102 the risk control: they do not pass within a second. */
const leastWaitMs = new Map([
  [4020, 10_000],
  [4102, 10_000],
]);

/** Sorts a failure by Coze's code first: the HTTP status that goes with a code is documented nowhere. */
export function failureOf({ status, logid, begun, ...signs }: Signs): CozeFailed {
  const own = ownCode(signs.code);
  const kind = (own && kindOfCode.get(own)) || kindOfStatus(status);
  const code = own ?? status;
  const said = clean(signs.said);
  const retryable = !begun && (kind === 'busy' || kind === 'occupied');
  const isLimit = retryable && (limits.includes(own ?? 0) || (kind === 'busy' && status === 429));
  const retryAfterMs = Math.max(signs.retryAfterMs ?? 0, (own && leastWaitMs.get(own)) || 0);
  return new CozeFailed({
    kind,
    ...(code !== undefined && { code }),
    ...(said && { said }),
    ...(logid && { logid }),
    ...(retryAfterMs > 0 && { retryAfterMs }),
    retryable,
    ...(isLimit && { isLimit }),
    ...(signs.isForeign && isGatewayFailure(status) && { isAway: true }),
  });
}

/** Something before Coze has not reached it. */
const isGatewayFailure = (status = 0): boolean => [502, 503, 504].includes(status);

function ownCode(code: unknown): number | undefined {
  const digits = typeof code === 'number' || typeof code === 'string' ? String(code) : '';
  return /^\d+$/.test(digits) ? Number(digits) || undefined : undefined;
}

function kindOfStatus(status = 0): CozeFailure {
  if (status === 401) return 'token';
  if (status === 408 || status === 429 || status >= 500) return 'busy';
  // A redirection, too, says that the address is wrong.
  return status >= 300 ? 'config' : 'failed';
}

/** Coze's words on one short line. They go to the log, so no token may be in them. */
export function clean(said: unknown): string {
  if (typeof said !== 'string') return '';
  return said
    .replace(/\bBearer\s+\S+|\b(?:pat|sat|cz[a-z]+)_\w+|\beyJ[\w-]+(?:\.[\w-]+)+/gi, '[token]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
}

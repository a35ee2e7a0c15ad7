import { getJWTToken } from '@coze/api';
import { CozeFailed } from '../core/errors.ts';
import { audienceOf } from './base-url.ts';
import { exchange } from './call.ts';
import { clean } from './failure.ts';
import { loose, textIn } from './loose.ts';
import { failureOfReply, jsonOf, type ReplyHead } from './refusal.ts';
import { type Line, textOf } from './wire.ts';

/** An app of the kind that logs in by itself: with a JWT that its private key has signed. */
export interface OAuthApp {
  readonly appId: string;
  /** The fingerprint of the public key that Coze has. */
  readonly keyId: string;
  /** PEM, PKCS#8 or PKCS#1, of at least 2,048 bits. */
  readonly privateKey: string;
}

/** An access token, and when it ends. */
export interface Grant {
  readonly token: string;
  readonly lifeMs: number;
  /** Milliseconds since 1970, by our clock. */
  readonly endsAt: number;
}

/** Coze allows 1 to 86,399. An hour is one call an hour, and the longest that a stolen token is of use. */
const durationSeconds = 3_600;

/** Has Coze grant an access token. `session` keeps those below one account apart who have different ones. */
export async function fetchGrant(line: Line, app: OAuthApp, session: string | undefined): Promise<Grant> {
  const { baseUrl: baseURL, clock, limits } = line;
  const askedAt = clock.now();
  const { access_token: token, expires_in } = await exchange({
    line,
    signal: undefined,
    answerMs: limits.tokenMs,
    refusal: refusalOf,
    read: async (bytes, head) => toGrant(head, await textOf(bytes)),
    send: (sending) =>
      getJWTToken(
        {
          baseURL,
          durationSeconds,
          appId: app.appId,
          aud: audienceOf(baseURL),
          keyid: app.keyId,
          privateKey: app.privateKey,
          ...(session && { sessionName: session }),
        },
        sending,
      ),
  });
  // In spite of its name it is a time, in seconds since 1970, by Coze's clock: ours may be wrong, so it is
  // believed only where it makes sense.
  const leftMs = expires_in * 1_000 - askedAt;
  const lifeMs = leftMs > 0 && leftMs < durationSeconds * 1_000 ? leftMs : durationSeconds * 1_000;
  return { token, lifeMs, endsAt: askedAt + lifeMs };
}

function toGrant(head: ReplyHead, body: string): unknown {
  const json = jsonOf(body);
  if (!textIn(json?.access_token)) throw refusalOf(head, body);
  return json;
}

/** What passes by itself: Coze's own word for it, and those of the OAuth standard. */
const passing = ['internal_error', 'server_error', 'temporarily_unavailable', 'slow_down'];

/** Where tokens are given out a refusal has no `code`, but one of two other forms. */
function refusalOf(head: ReplyHead, body: string): CozeFailed {
  const json = loose(jsonOf(body)) ?? {};
  const what = textIn(json.error_code) ?? textIn(json.error);
  if (!what) return failureOfReply(head, body);
  const words = clean(
    [what, textIn(json.error_message ?? json.error_description)].filter(Boolean).join(': '),
  );
  const busy = passing.includes(what) || head.status === 429 || head.status >= 500;
  return new CozeFailed({
    kind: busy ? 'busy' : 'token',
    code: head.status,
    said: busy ? words : `the OAuth app is refused: ${words}; ${advice}`,
    ...(head.logid && { logid: head.logid }),
    ...(head.retryAfterMs && { retryAfterMs: head.retryAfterMs }),
    retryable: busy,
  });
}

/** Coze says little more than that the client is invalid, whatever is. */
const advice =
  'check COZE_OAUTH_APP_ID, COZE_OAUTH_KEY_ID (the fingerprint of the public key), that the private key belongs to it, ' +
  'COZE_BASE_URL (coze.cn and coze.com know only their own apps), that the app is authorized and on, and the clock';

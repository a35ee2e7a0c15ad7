import { CozeFailed } from '../core/errors.ts';
import { failureOf } from './failure.ts';
import { type Loose, loose, textIn } from './loose.ts';

/** An HTTP reply, but for its body. */
export interface ReplyHead {
  readonly status: number;
  readonly contentType: string;
  readonly logid: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** The body, where it is a JSON object. */
export function jsonOf(body: string): Loose | undefined {
  try {
    return loose(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** What a reply means that is not what was asked for: by its JSON if it has any, else by what came in its place. */
export function failureOfReply(head: ReplyHead, body: string): CozeFailed {
  const json = jsonOf(body);
  if (json) {
    const logid = textIn(loose(json.detail)?.logid) ?? head.logid;
    return failureOf({ ...head, code: json.code, said: json.msg, logid, begun: false });
  }
  const { status, contentType } = head;
  if (status >= 300)
    return failureOf({ ...head, said: `${contentType} in place of a reply`, begun: false, isForeign: true });
  // Nobody knows whether the question was taken. Asking again may ask twice; not asking loses it for certain.
  if (body.trim() === '') return failureOf({ ...head, status: 503, said: 'an empty reply', begun: false });
  // A page with status 200 comes from a web site: the address is not that of Coze's API.
  return new CozeFailed({
    kind: 'config',
    code: status,
    said: `${contentType} in place of a reply`,
    retryable: false,
  });
}

/** `Retry-After` is in seconds or a date. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (!header) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return ms > 0 ? ms : undefined;
}

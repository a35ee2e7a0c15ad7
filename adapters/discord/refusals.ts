import { MessageGone, RateLimited, TargetGone, Unreachable } from '../../src/core/errors.ts';
import { type CallFailure, failureOf } from './failure.ts';
import { tokenRefused } from './settings.ts';

// Discord's JSON error codes (topics/opcodes-and-status-codes).
const unknownMessage = 10_008;
const noReadHistory = 160_002;
const invalidForm = 50_035;
const archived = 50_083;
const notOurs = 50_005;
const noPermission = 50_013;
/** Slowmode, the channel's write rate limit, and too many edits of a message older than an hour. */
const waits: readonly number[] = [20_016, 20_028, 30_046];
/** Unknown channel, guild, webhook or interaction; no access; no messages to this person; no permission; a webhook's token is over; an archived or locked thread; no server in common. */
const noWayIn: readonly number[] = [
  10_003,
  10_004,
  10_015,
  10_062,
  50_001,
  50_007,
  noPermission,
  50_027,
  50_083,
  50_278,
  160_005,
];

export const isUnknownMessage = ({ code }: CallFailure): boolean => code === unknownMessage;

/** A reply to this message is not possible, though another message may be. */
export const isReplyForbidden = ({ code, fields = [] }: CallFailure): boolean =>
  code === noReadHistory || (code === invalidForm && fields.includes('message_reference'));

const usualPenaltyMs = 5_000;

/** Fails in the words of the port. */
export async function told<T>(
  call: Promise<T>,
  toError: (failure: CallFailure) => Error = toSendError,
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw toError(failureOf(error));
  }
}

/** A failed edit in the words of the port: in an archived thread none is possible, but a post brings the thread back. */
export const toEditError = (failure: CallFailure): Error =>
  failure.code === archived ? new MessageGone('Discord: the thread is archived') : toSendError(failure);

/** A failed post of a file: where files are not wanted, words still may be. */
export const toFileError = (failure: CallFailure): Error =>
  failure.code === noPermission
    ? new Error('Discord: the bot may not send files there; it needs the permission Attach Files')
    : toSendError(failure);

/** The failure in the words of the port. */
function toSendError(failure: CallFailure): Error {
  const {
    status,
    code,
    reason,
    landed,
    retryAfterMs = usualPenaltyMs,
    isGlobal,
    isForeseen,
    isForeign,
  } = failure;
  if (status === undefined || status >= 500 || isForeign)
    return new Unreachable(`Discord: ${reason}`, landed);
  if (status === 429 || includes(waits, code))
    return new RateLimited(retryAfterMs, isGlobal ? 'bot' : 'channel', isForeseen);
  const words = `Discord: ${code ?? status} ${reason}`;
  if (isUnknownMessage(failure) || code === notOurs) return new MessageGone(words);
  if (includes(noWayIn, code)) return new TargetGone(words);
  // Not TargetGone: once the token is mended the question can still be answered.
  if (status === 401) return new Error(tokenRefused);
  if (status === 403 && code === undefined) return new TargetGone(words);
  return new Error(`Discord refused the call: ${code ?? status} ${reason}`);
}

const includes = (codes: readonly number[], code: number | undefined): boolean =>
  code !== undefined && codes.includes(code);

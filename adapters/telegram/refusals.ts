import { MessageGone, RateLimited, TargetGone, Unreachable } from '../../src/core/errors.ts';
import { type CallFailure, tokenRefused } from './api.ts';

// What the server says with a 400, there being no codes (td/telegram and telegram-bot-api). The older errors are
// sentences, those that it passes on from inside Telegram are in capitals.
const unchanged = /message is not modified/i;
const noThread = /message thread not found|topic_(closed|deleted)/i;
const noSuchMessage =
  /message to edit not found|message can't be edited|message_id_invalid|there is no text in the message to edit/i;
const notDeletable = /message to delete not found|message can't be deleted/i;
const noWayIn =
  /chat not found|user not found|peer_id_invalid|deactivated|no rights to send|not enough rights|chat_(write|send_plain)_forbidden|chat_restricted/i;

const tooManyEntities = /entities_too_long/i;
const tooLongCaption = /media_caption_too_long|message caption is too long/i;
const noText = /message text is empty/i;
const tooLate = /query is too old|query id is invalid|query_id_invalid/i;

export const isUnchanged = ({ code, reason }: CallFailure): boolean => code === 400 && unchanged.test(reason);
export const isNotDeletable = ({ code, reason }: CallFailure): boolean =>
  code === 400 && notDeletable.test(reason);
export const isThreadMissing = ({ code, reason }: CallFailure): boolean =>
  code === 400 && noThread.test(reason);
/** The text would do without its entities. */
export const isOverFormatted = ({ code, reason }: CallFailure): boolean =>
  code === 400 && tooManyEntities.test(reason);
export const isCaptionTooLong = ({ code, reason }: CallFailure): boolean =>
  code === 400 && tooLongCaption.test(reason);
/** Nobody waits for the answer to a pressed button any more. */
export const isTooLate = ({ code, reason }: CallFailure): boolean => code === 400 && tooLate.test(reason);
/** A chat that is not there is a 400; only a method that the server does not know is a 404. */
export const isUnknownMethod = ({ code }: CallFailure): boolean => code === 404;
/** What a server says to an edit in which it sees no text, as it does not know of rich messages. */
export const isTextMissed = ({ code, reason }: CallFailure): boolean => code === 400 && noText.test(reason);
/** Telegram does not want what is in the call; nothing is wrong with where it should go. */
export const isDisliked = (failure: CallFailure): boolean =>
  failure.code === 400 && !isUnchanged(failure) && toSendError(failure).name === 'Error';

const usualPenaltyMs = 5_000;

/** The failure in the words of the port. */
export function toSendError(failure: CallFailure): Error {
  const { code, reason, landed, retryAfterMs = usualPenaltyMs, movedTo } = failure;
  if (code === undefined || code >= 500) return new Unreachable(`Telegram: ${reason}`, landed);
  if (code === 429) return new RateLimited(retryAfterMs);
  // Not TargetGone: once the token is mended the question can still be answered.
  if (code === 401) return new Error(tokenRefused);
  if (code === 400 && noSuchMessage.test(reason)) return new MessageGone(`Telegram: ${reason}`);
  const isGone =
    code === 403 ||
    movedTo !== undefined ||
    isThreadMissing(failure) ||
    (code === 400 && noWayIn.test(reason));
  return isGone
    ? new TargetGone(`Telegram: ${reason}`)
    : new Error(`Telegram refused the call: ${code} ${reason}`);
}

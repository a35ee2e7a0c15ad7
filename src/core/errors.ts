/** An error type exists where somebody acts on it; each says who. Everything else is a plain `Error`. */

/** The platform asks for silence. The pace obeys. */
export class RateLimited extends Error {
  override readonly name = 'RateLimited';
  readonly retryAfterMs: number;
  /** Where, if the platform says so: in this channel, or in all channels of our account. */
  readonly scope: 'channel' | 'bot' | undefined;
  /** Nothing was sent: the library knew that the platform would refuse it. */
  readonly foreseen: boolean;
  constructor(retryAfterMs: number, scope?: 'channel' | 'bot', foreseen = false) {
    super(`the platform asks to wait ${retryAfterMs} ms`);
    this.retryAfterMs = retryAfterMs;
    this.scope = scope;
    this.foreseen = foreseen;
  }
}

interface Reason {
  /** For the log. */
  readonly outcome: string;
  readonly cause?: unknown;
  /** It has not been postponed for this before. */
  readonly isNews?: boolean;
}

/** What is left to do must wait so long that no worker should wait with it. The mailbox gives the message again. */
export class Postponed extends Error {
  override readonly name = 'Postponed';
  readonly waitMs: number;
  readonly outcome: string;
  readonly isNews: boolean;
  constructor(waitMs: number, { outcome, cause, isNews = true }: Reason = { outcome: 'final pending' }) {
    super(`the rest must wait ${waitMs} ms`, { cause });
    this.waitMs = waitMs;
    this.outcome = outcome;
    this.isNews = isNews;
  }
}

/** Nothing can be sent to this target any more: blocked, kicked, deleted, closed. The turn ends. */
export class TargetGone extends Error {
  override readonly name = 'TargetGone';
}

/** The platform shows no drafts there after all. The live reply goes on with messages. */
export class DraftsUnavailable extends Error {
  override readonly name = 'DraftsUnavailable';
}

/** The message that we wanted to edit is no longer there. The live reply posts a new one. */
export class MessageGone extends Error {
  override readonly name = 'MessageGone';
}

/**
 * The platform could not be reached, or failed on its side. `landed` says what is known of the call:
 * `no`, it had no effect; `unknown`, it may have had. The live reply tries again.
 */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  readonly landed: 'no' | 'unknown';
  constructor(message: string, landed: 'no' | 'unknown', options?: ErrorOptions) {
    super(message, options);
    this.landed = landed;
  }
}

/** This process no longer holds the delivery: whatever it does now, it must not send, note or remove. */
export class DeliveryLost extends Error {
  override readonly name = 'DeliveryLost';
}

/**
 * What the reader, or the owner, can do about a failure of Coze:
 * `busy` wait (rate limit, 5xx, not reachable), `occupied` another chat runs in this conversation,
 * `quota` pay or wait for tomorrow, `token` a new token, `config` mend the bot or its settings,
 * `refused` ask something else, `too-long` start over, `file` send another file, `gone` the conversation no longer exists,
 * `cut` the answer broke off, `failed` anything else.
 */
export type CozeFailure =
  | 'busy'
  | 'occupied'
  | 'quota'
  | 'token'
  | 'config'
  | 'refused'
  | 'too-long'
  | 'file'
  | 'gone'
  | 'cut'
  | 'failed';

export interface CozeFailureFacts {
  readonly kind: CozeFailure;
  /** Coze's own code, or the HTTP status where there is none. */
  readonly code?: number;
  /** Coze's own words. For the log: they are not for the reader. */
  readonly said?: string;
  /** Coze's id of the request (`X-Tt-Logid`): its support asks for it. */
  readonly logid?: string;
  /** The server's `Retry-After`. */
  readonly retryAfterMs?: number;
  /** True only when asking again is safe (nothing was received) and may help. */
  readonly retryable: boolean;
  /** Coze is asked more often than it takes, and has not taken this. */
  readonly isLimit?: boolean;
  /** Coze could not be reached, or something before it answered in its place: it may be away for long. */
  readonly isAway?: boolean;
}

/** Coze did not give a whole answer. The turn retries, recovers or tells the reader. */
export class CozeFailed extends Error {
  override readonly name = 'CozeFailed';
  readonly facts: CozeFailureFacts;
  constructor(facts: CozeFailureFacts, options?: ErrorOptions) {
    super(
      `Coze: ${facts.isAway ? 'away' : facts.kind}${facts.code === undefined ? '' : ` (${facts.code})`}${facts.said ? `: ${facts.said}` : ''}`,
      options,
    );
    this.facts = facts;
  }
}

export interface ReceiveLimits {
  /** How long Telegram keeps a poll open when there is nothing to tell. */
  readonly pollSeconds: number;
  /** How much later than that the poll counts as dead. */
  readonly graceSeconds: number;
  /** How long the end may wait: for a last word to Telegram, and for what is on its way to the store. */
  readonly leaveSeconds: number;
  /** How long a request to the webhook may wait for the store. Telegram itself waits for 60 s, and a proxy often no longer. */
  readonly storeMs: number;
  /** How often Telegram is asked what it makes of the webhook. */
  readonly lookEveryMs: number;
}

export const usualLimits: ReceiveLimits = {
  pollSeconds: 30,
  graceSeconds: 15,
  leaveSeconds: 2,
  storeMs: 10_000,
  lookEveryMs: 60_000,
};

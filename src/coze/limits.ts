/** How long, and how much, we put up with. */
export interface CozeLimits {
  /** From the question to the first event. */
  readonly firstEventMs: number;
  /** Between two signs of life in a stream. Node's own fetch gives up at 300 s and does not say so. */
  readonly idleMs: number;
  /** From the whole answer to the end of the stream: longer is not worth waiting to use the connection again. */
  readonly endMs: number;
  /** A call that is not a stream. */
  readonly requestMs: number;
  /** An upload. */
  readonly uploadMs: number;
  /** A call for a token: every question of the account may wait for it. */
  readonly tokenMs: number;
  /** One event of a stream. */
  readonly eventBytes: number;
  /** Coze asks for one look a second at most. */
  readonly recoverPollMs: number;
  readonly recoverForMs: number;
  /** Looks in a row that may fail because Coze is away: the chat goes on there meanwhile. */
  readonly recoverFailures: number;
}

export const usualLimits: CozeLimits = {
  firstEventMs: 60_000,
  idleMs: 120_000,
  endMs: 1_000,
  requestMs: 15_000,
  uploadMs: 120_000,
  tokenMs: 10_000,
  eventBytes: 4 * 1024 * 1024,
  recoverPollMs: 1_000,
  recoverForMs: 600_000,
  recoverFailures: 30,
};

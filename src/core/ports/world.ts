/** Time, so that tests can move it. `sleep` rejects with the signal's reason when that aborts first. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Structured log lines. Never a token, a message's text, a person's name or a platform's id. */
export interface Log {
  debug(fields: object, event: string): void;
  info(fields: object, event: string): void;
  warn(fields: object, event: string): void;
  error(fields: object, event: string): void;
}

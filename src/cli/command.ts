import type { Environment } from '../variables.ts';

/** Where a command runs. */
export interface Shell {
  /** What the bridge itself would be set by. Throws with words for the owner. */
  environment(): Environment;
  /** Results, one line each, and nothing else. */
  print(line: string): void;
  /** Results that come in pieces. */
  write(text: string): void;
  complain(line: string): void;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** Results are read by a person, as they come. */
  readonly isScreen: boolean;
  /** What to put in order should the process be told to end, or whoever reads have seen enough. */
  beforeLeaving(putInOrder: () => Promise<void>): void;
}

export interface Command {
  /** What it does, in a few words. */
  readonly summary: string;
  /** How it is called, for `--help` and for who called it in another way. */
  readonly usage: string;
  /** Resolves with the exit status; rejects with UsageError, or with words for the owner. */
  run(args: readonly string[], shell: Shell): Promise<number>;
}

/** It was called in a way that means nothing. Whoever called it is told how to. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

import type { InboundMessage } from '../../src/core/message.ts';
import type { DeadLetters, Home } from '../../src/core/ports/store.ts';

/** One empty place to keep things, and the ways into it that the contract suites need. */
export interface TestStore {
  /** Opens the home in this process. Whoever opened the last one has closed it, or is no longer able to work. */
  open(options?: { retryDelaysMs?: readonly number[]; now?: () => number }): Promise<Home>;
  /** Opens what the command line has of it, whoever else has it open. */
  openDeadLetters(): Promise<DeadLetters>;
  /** Arguments for node: a script that opens this store and hands the home to `obey` (mail-child.ts). */
  readonly childArgs: readonly string[];
  /** Stores a message but tells no worker, as a process does that dies in the middle of `put`. */
  putUnheard(key: string, message: InboundMessage): Promise<void>;
  /** The process at work is stopped (SIGSTOP). Resolves when its hold on its message is gone, or will go by itself. */
  loseHold(): Promise<void>;
  /** Everything is closed: leaves nothing behind. */
  remove(): Promise<void>;
}

export type CreateStore = () => Promise<TestStore>;

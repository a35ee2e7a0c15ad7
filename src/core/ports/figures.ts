/** How much lies in a mailbox. */
export interface MailFigures {
  /** The keys that have messages. The commands of a conversation have a key of their own. */
  readonly lines: number;
  /** When the oldest of those was written that are first in their line, in hand or waiting: milliseconds since 1970. */
  readonly oldestAt: number | undefined;
  readonly deadLetters: number;
  /** Processes that work on it. One that was killed is counted for 15 s more. */
  readonly workers: number;
}

import type { Ending } from '../ending.ts';
import type { InboundMessage, MessageRef } from '../message.ts';
import type { Budget } from './budget.ts';
import type { ChatRef } from './coze.ts';
import type { ReplyFeed } from './feed.ts';
import type { MailFigures } from './figures.ts';
import type { Posts } from './posts.ts';
import type { Sessions } from './sessions.ts';

/** What an attempt at a turn leaves for the next one, should it not get to the end. */
export interface TurnRecord {
  /** The conversation's generation when the question was asked. */
  readonly generation: number;
  /** Coze's conversation in which the question was going to be asked: it may have it, though no chat is known. */
  readonly asking?: string;
  readonly chat?: ChatRef;
  readonly posted: readonly MessageRef[];
  /** A post that was going to be made: it may be there, though no message is known. */
  readonly posting?: Posting;
  /** Coze has said all, and the final is pending: it had to wait for the platform. */
  readonly ending?: Ending;
  /** Somebody that is needed is away; the turn waits for them. */
  readonly away?: Away;
}

/** One message of a reply, before it is known what has become of it. */
export interface Posting {
  /** No other post has it; the same post has it at each attempt. */
  readonly name: string;
  /** `Traces.mark`, right before it. */
  readonly mark: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Ids of messages that it is not. */
  readonly tried?: readonly string[];
}

export interface Away {
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Attempts that have failed for this alone. */
  readonly failures: number;
  /** The reader knows. */
  readonly isTold?: boolean;
}

/** What the last question of a conversation has come to. */
export interface Answered {
  readonly message: InboundMessage;
  readonly record: TurnRecord;
}

/** One message in hand. */
export interface Delivery {
  readonly key: string;
  readonly message: InboundMessage;
  /** 1 for the first, and again for the first after the turn has got further (`isProgress`). */
  readonly attempt: number;
  /** What the last attempt noted. */
  readonly record: TurnRecord | undefined;
  /** Aborts when this process must let go: its lock is lost or it has to exit. Send and note nothing after that. */
  readonly lost: AbortSignal;
  /** Throws DeliveryLost unless the message is surely ours at this moment: who slept has not heard of `lost` yet. */
  assertHeld(): void;
  /** Safe once resolved. Rejects with DeliveryLost when somebody else has the message. */
  note(record: TurnRecord): Promise<void>;
  /** Whether `Mailbox.stop` has been called for it, by any process. */
  isStopped(): Promise<boolean>;
  /** What the message before it in its line has come to: see `Mailbox.answered`. */
  before(): Promise<Answered | undefined>;
}

export interface MailHandler {
  /**
   * Resolves when the answer has landed: only then is the message removed. A rejection is an attempt that failed, but for
   * Postponed: then the message is given again after its wait, and no attempt is counted.
   */
  answer(delivery: Delivery): Promise<void>;
  /** The last attempt failed, and the message lies with the dead letters now: tell the reader. */
  giveUp(delivery: Delivery, error: unknown): Promise<void>;
}

export interface WorkOptions {
  /** How many conversations are worked on at once. */
  readonly concurrency: number;
  /** Aborted: take nothing new. `work` resolves when what runs has ended. */
  readonly stop: AbortSignal;
  /** Aborted: let go of what still runs (`Delivery.lost`); it stays in the mailbox and no attempt is counted. */
  readonly leave: AbortSignal;
}

export interface DeadLetter {
  /** Short enough to be typed; unlike any other's, for good. */
  readonly id: string;
  readonly key: string;
  readonly message: InboundMessage;
  /** Name and message of the last error, or that it killed its worker. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What its attempts have come to. */
  readonly record?: TurnRecord;
}

/**
 * A queue per conversation: one message at a time and in order within a key, keys side by side.
 * A message stays until its handler resolves; a handler that fails gets it again, first in line, after
 * `retryDelayMs`; after `maxAttempts` that failed it goes to the dead letters and the next one follows. Attempts are
 * counted before the work starts, so that a message that kills its worker (`maxDeaths` times) is found out; whenever a turn
 * gets further (`isProgress`), they are counted anew. A message that is open (`openUntil`) is given only when it is no longer.
 */
export interface Mailbox {
  /**
   * Resolves once the message is safe. `seen`: this id was put within the last 25 h, and nothing was done. `joined`: it
   * belongs to the last message of the line, which was open and is one with it now (`join`).
   */
  put(key: string, message: InboundMessage): Promise<'stored' | 'seen' | 'joined'>;
  /** The same, but what joins nothing is left alone: false. */
  join(key: string, message: InboundMessage): Promise<boolean>;
  /**
   * Gives a message that waits, and was never in hand, or the piece of it that was edited, its newer text; the edit is
   * seen then. False if it is not there, or no longer waits, or if the edit was seen before: nothing was done.
   */
  amend(key: string, edited: InboundMessage): Promise<boolean>;
  /** Takes away a message that waits. False: it is in hand, or was and is given again first, or is not there. */
  withdraw(key: string, messageId: string): Promise<boolean>;
  /** The keys that have messages. */
  keys(): Promise<string[]>;
  /** The messages of one line. The answer to the first is wanted first: it is in hand, or waits. */
  line(key: string): Promise<InboundMessage[]>;
  /** How many they are. */
  count(key: string): Promise<number>;
  /** Whether a message of this id was put within the last 25 h. */
  knows(messageId: string): Promise<boolean>;
  /** Cheap enough to be asked every few seconds. */
  figures(): Promise<MailFigures>;
  /**
   * The message that was answered last in this line, for ten minutes, with the last record that was noted. None when a
   * dead letter has come after it; none of commands.
   */
  answered(key: string): Promise<Answered | undefined>;
  /** Notes that its answer is no longer wanted. False when it is not the first one (any more), and nothing was done. */
  stop(key: string, messageId: string): Promise<boolean>;
  /** Works until `stop`. Only one call at a time in one process. */
  work(handler: MailHandler, options: WorkOptions): Promise<void>;
  /** The oldest first. */
  deadLetters(): Promise<DeadLetter[]>;
  /** Puts it at the end of its line again, with its record and all its attempts. False: there is none with this id. */
  replay(id: string): Promise<boolean>;
  /** Forgets all dead letters, or the one, and says how many that were. */
  purge(id?: string): Promise<number>;
}

/** What the command line needs of a mailbox: also beside a bridge that is at work on the same store. */
export type DeadLetters = Pick<Mailbox, 'deadLetters' | 'replay' | 'purge'> & { close(): Promise<void> };

export interface Conversation {
  /** Raised by every reset. */
  readonly generation: number;
  /** Coze's id, once there is one in this generation. */
  readonly conversationId?: string;
  /** Coze's id of the generation before this one, until it has been cleared. */
  readonly discarded?: string;
}

/** Which Coze conversation belongs to which key. */
export interface ConversationStore {
  /** A key that was never seen has generation 0. */
  find(key: string): Promise<Conversation>;
  /**
   * Keeps Coze's id for this generation, in place of the one that it `replaces`. False, and nothing is kept, when a reset
   * has come since, or when there is another one already.
   */
  save(key: string, generation: number, conversationId: string, replaces?: string): Promise<boolean>;
  /** Raises the generation and forgets the id. Asked again with the id of the same reset, it changes nothing. */
  reset(key: string, resetId: string): Promise<Conversation>;
  /** Forgets all of a key so many milliseconds after the last such call for it; without any, it is kept for good. */
  keepFor(key: string, ms: number): Promise<void>;
  /** The key that an id was first kept for, or claimed, until it has been cleared: this one, if there was none. */
  claim(conversationId: string, key: string): Promise<string>;
  /** The discarded conversation has been cleared at Coze. */
  forgetDiscarded(key: string, conversationId: string): Promise<void>;
}

/**
 * A wish that does not wait in the mailbox: in this conversation, turns older than `generation` are to stop, or the one
 * that answers the message `stop`.
 */
export type Interrupt =
  | { readonly key: string; readonly generation: number }
  | { readonly key: string; readonly stop: string };

/** Carries interrupts to every process, this one included. At most once: the generation and `isStopped` are certain. */
export interface Interrupts {
  send(interrupt: Interrupt): Promise<void>;
  listen(listener: (interrupt: Interrupt) => void): void;
}

/** The questions that Coze has suggested, by turn: they can be asked with a button for a week. */
export interface Suggestions {
  keep(turn: string, questions: readonly string[]): Promise<void>;
  /** None when the week is over, or when there were none. */
  find(turn: string): Promise<readonly string[]>;
}

/** What an adapter must know again after a restart, in books of its own. */
export interface Notes {
  keep(book: string, name: string, value: string): Promise<void>;
  find(book: string, name: string): Promise<string | undefined>;
  /** Those kept at or after `since` (milliseconds since 1970), in no order; older ones are forgotten. */
  list(book: string, since: number): Promise<readonly { readonly name: string; readonly value: string }[]>;
}

export interface Lease {
  /** Aborts when somebody else may have it. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** What only one may do at a time, in all processes, such as polling with one token. */
export interface Leases {
  /**
   * Waits until nobody else holds `name`, and calls `onWait` once if it has to. A holder that was killed is waited
   * out. Rejects with the signal's reason.
   */
  take(name: string, signal: AbortSignal, onWait: () => void): Promise<Lease>;
}

/** Where a bridge keeps everything: the ports, on one store. */
export interface Home {
  readonly mailbox: Mailbox;
  readonly conversations: ConversationStore;
  readonly interrupts: Interrupts;
  readonly suggestions: Suggestions;
  readonly notes: Notes;
  readonly posts: Posts;
  readonly sessions: Sessions;
  readonly feed: ReplyFeed;
  readonly leases: Leases;
  readonly budget: Budget;
  /** Made once and kept: what user ids are hashed with. */
  salt(): Promise<string>;
  close(): Promise<void>;
}

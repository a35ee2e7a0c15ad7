import type { InboundMessage, MessageRef, Part, ReplyTarget } from './message.ts';

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

// ---------------------------------------------------------------------------- platforms

/** Resolves once the message is safe in the store; only then may the platform be told that we have it. */
export type Deliver = (message: InboundMessage) => Promise<void>;

/**
 * Hears a platform until `signal` aborts; calls `ready` once it hears. It resolves early only when the
 * platform has ended by itself (the end of a terminal's input), and rejects when it never can be heard
 * (a revoked token), with a message that says what to do.
 */
export type Receive = (deliver: Deliver, signal: AbortSignal, ready: () => void) => Promise<void>;

/** Where rendering got to: everything before it is settled and need not be rendered again. */
export interface Sealed {
  /** How many parts are settled. */
  readonly parts: number;
  /** How many UTF-16 units of the source they hold. */
  readonly offset: number;
  /** What the renderer must know to go on from there (an open code fence), in its own words. */
  readonly carry: string;
}

export interface Rendered {
  /** Settles all parts but the last. */
  readonly sealed: Sealed;
  /** The parts from `sealed.parts` of the call on; the last one may still grow. */
  readonly parts: readonly Part[];
}

/** How many calls are allowed; every kind of call draws from the same tokens. */
export interface Allowance {
  readonly refillPerSecond: number;
  /** The most tokens that are saved up. */
  readonly burst: number;
  /** Tokens that previews and typing leave for finals. */
  readonly reserve: number;
}

/** How fast one channel may be written to. */
export interface Pace extends Allowance {
  /** What all channels of our account share, where the platform has such a limit too. */
  readonly bot?: Allowance;
  /** Least time between two previews of one answer: it starts at `min` and grows by `growth` to `max`. */
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  readonly growth: number;
  /** How often typing must be shown again to stay visible. */
  readonly typingEveryMs: number;
}

/**
 * Writes to a platform, knowing nothing but its arguments. An absent method is an absent capability.
 * Calls reject with RateLimited, TargetGone, MessageGone or Unreachable; anything else is a defect.
 */
export interface Sender {
  readonly platform: string;
  /** The account that it writes as (`ReplyTarget.bot`), where that is known without asking. */
  readonly bot?: string;
  /** Pure. Every part is valid and within the platform's limit; appending text changes no part but the last. */
  render(markdown: string, sealed?: Sealed): Rendered;
  /** With a `key` of its own for each message, the same at every attempt: where the platform can tell by it, it is posted once. */
  post(target: ReplyTarget, part: Part, key?: string): Promise<MessageRef>;
  edit(ref: MessageRef, part: Part): Promise<void>;
  remove?(ref: MessageRef): Promise<void>;
  showTyping?(target: ReplyTarget): Promise<void>;
  /** The answer to this target is whole, or given up. */
  end?(target: ReplyTarget): void;
  pace(target: ReplyTarget): Pace;
}

// ---------------------------------------------------------------------------- Coze

/** One run of the bot: what Coze calls a chat. */
export interface ChatRef {
  readonly conversationId: string;
  readonly chatId: string;
}

export interface Question {
  readonly conversationId: string;
  /** Never the platform's own id. */
  readonly userId: string;
  readonly text: string;
  /** Goes into the question's `meta_data`, so that it can be found again. */
  readonly turnId: string;
  readonly speaker: { readonly name: string; readonly platform: string; readonly locale?: string };
}

/** Tokens, as Coze bills them. */
export interface Usage {
  readonly total: number;
  readonly input: number;
  readonly output: number;
}

export interface Answer {
  readonly text: string;
  readonly usage?: Usage;
}

export type CozeEvent =
  | { readonly type: 'created'; readonly chat: ChatRef; readonly logid?: string }
  /** The whole answer so far. It may differ from what came before: `completed` replaces what deltas built. */
  | { readonly type: 'text'; readonly text: string }
  /** The last event, always; nothing follows. */
  | { readonly type: 'done'; readonly answer: Answer };

/** Coze, made safe. Everything rejects with CozeFailed, or with the signal's reason when that aborted. */
export interface CozeBackend {
  /** Makes a conversation and returns its id. */
  openConversation(): Promise<string>;
  /** Ends normally only after `done`. Leaving the loop early closes the connection (the chat goes on at Coze). */
  ask(question: Question, signal: AbortSignal): AsyncIterable<CozeEvent>;
  /** The whole answer of a chat that we lost sight of; waits, polling, while it still runs. */
  recover(chat: ChatRef, signal: AbortSignal): Promise<Answer>;
  /** Stops a chat. One that is over already counts as stopped. */
  cancel(chat: ChatRef): Promise<void>;
  /** Makes the conversation forget what was said in it. */
  clear(conversationId: string): Promise<void>;
}

// ---------------------------------------------------------------------------- the store

/** What an attempt at a turn leaves for the next one, should it not get to the end. */
export interface TurnRecord {
  /** The conversation's generation when the question was asked. */
  readonly generation: number;
  readonly chat?: ChatRef;
  readonly posted: readonly MessageRef[];
}

/** One message in hand. */
export interface Delivery {
  readonly key: string;
  readonly message: InboundMessage;
  /** 1 for the first, at most `maxAttempts`. */
  readonly attempt: number;
  /** What the last attempt noted. */
  readonly record: TurnRecord | undefined;
  /** Aborts when this process must let go: its lock is lost or it has to exit. Send and note nothing after that. */
  readonly lost: AbortSignal;
  /** Throws DeliveryLost unless the message is surely ours at this moment: who slept has not heard of `lost` yet. */
  assertHeld(): void;
  /** Safe once resolved. Rejects with DeliveryLost when somebody else has the message. */
  note(record: TurnRecord): Promise<void>;
}

export interface MailHandler {
  /** Resolves when the answer has landed: only then is the message removed. A rejection is an attempt that failed. */
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
  readonly key: string;
  readonly message: InboundMessage;
  /** Name and message of the last error, or that it killed its worker. */
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * A queue per conversation: one message at a time and in order within a key, keys side by side.
 * A message stays until its handler resolves; a handler that fails gets it again, first in line, after
 * `retryDelayMs`; after `maxAttempts` it goes to the dead letters and the next one follows. Attempts are
 * counted before the work starts, so that a message that kills its worker is found out.
 */
export interface Mailbox {
  /** Resolves once the message is safe. `seen`: this id was put within the last 25 h, and nothing was done. */
  put(key: string, message: InboundMessage): Promise<'stored' | 'seen'>;
  /** Works until `stop`. Only one call at a time in one process. */
  work(handler: MailHandler, options: WorkOptions): Promise<void>;
  deadLetters(): Promise<DeadLetter[]>;
}

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
  /** Keeps Coze's id for this generation. False, and nothing is kept, when a reset has come since. */
  save(key: string, generation: number, conversationId: string): Promise<boolean>;
  /** Raises the generation and forgets the id. Asked again with the id of the same reset, it changes nothing. */
  reset(key: string, resetId: string): Promise<Conversation>;
  /** The discarded conversation has been cleared at Coze. */
  forgetDiscarded(key: string, conversationId: string): Promise<void>;
}

/** A wish that does not wait in the mailbox: turns of this conversation older than `generation` are to stop. */
export interface Interrupt {
  readonly key: string;
  readonly generation: number;
}

/** Carries interrupts to every process, this one included. At most once: who needs certainty looks at the generation. */
export interface Interrupts {
  send(interrupt: Interrupt): Promise<void>;
  listen(listener: (interrupt: Interrupt) => void): void;
}

/** Where a bridge keeps everything: the ports, on one store. */
export interface Home {
  readonly mailbox: Mailbox;
  readonly conversations: ConversationStore;
  readonly interrupts: Interrupts;
  /** Made once and kept: what user ids are hashed with. */
  salt(): Promise<string>;
  close(): Promise<void>;
}

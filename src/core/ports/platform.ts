import type { Sealed } from '../../text/parts.ts';
import type { InboundMessage, MessageRef, Part, ReplyTarget } from '../message.ts';
import type { Notice } from '../notices.ts';
import type { Usage } from './coze.ts';

/**
 * Resolves once the message is safe in the store; only then may the platform be told that we have it. For one that
 * pressed a button, resolves with what to tell them at once and alone, in their language.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: who has nothing to say need not say so
export type Deliver = (message: InboundMessage) => Promise<string | void>;

/**
 * Hears a platform until `signal` aborts; calls `ready` once it hears, and again when it does after it was `deaf`. It
 * resolves early only when the platform has ended by itself (the end of a terminal's input), and rejects when it never
 * can be heard (a revoked token), with a message that says what to do.
 */
export type Receive = (
  deliver: Deliver,
  signal: AbortSignal,
  ready: () => void,
  /** Nothing is heard at present, for this reason. May be called again. */
  deaf?: (reason: string) => void,
) => Promise<void>;

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
  /** Nothing limits it, and what there is is shown at once: no call draws from the budget. */
  readonly isFree?: boolean;
  /** What all channels of our account share, where the platform has such a limit too. */
  readonly bot?: Allowance;
  /** Calls for this target are counted under this name: not with its channel's, and not with the bot's. */
  readonly lane?: string;
  /** Never more calls than these within any such time; its replies may tell another number (`Budget.learn`). */
  readonly window?: {
    readonly calls: number;
    readonly ms: number;
    /** And never more than these at a stretch, whatever room there is. */
    readonly burst?: { readonly calls: number; readonly ms: number };
  };
  /** Where drafts can be shown: what is counted for them, and how often one must be shown again to stay visible. */
  readonly draft?: Allowance & { readonly minIntervalMs: number; readonly keepEveryMs: number };
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
  /**
   * Pure. Every part is valid and within the platform's limit; appending text changes no part but the last.
   * `growing`: the text still streams, and its unfinished end is shown as if it were finished; otherwise it is whole.
   */
  render(markdown: string, sealed?: Sealed, growing?: boolean): Rendered;
  /** With a `key` of its own for each message, the same at every attempt: where the platform can tell by it, it is posted once. */
  post(target: ReplyTarget, part: Part, key?: string): Promise<MessageRef>;
  edit(ref: MessageRef, part: Part): Promise<void>;
  remove?(ref: MessageRef): Promise<void>;
  /** Takes its buttons away, and leaves what else it shows. */
  clearButtons?(ref: MessageRef): Promise<void>;
  showTyping?(target: ReplyTarget): Promise<void>;
  /**
   * Shows a part that is no message yet, and that goes when one is posted there; the same `key`, the same draft. Only for
   * targets whose pace has a `draft`. With a button it can be stopped where it is: somebody has then `pressed` "stop".
   */
  showDraft?(target: ReplyTarget, part: Part, key: string): Promise<void>;
  /**
   * The answer to this target is whole, or given up. With `tellsEnding` nothing counts as answered before it resolves, and
   * a later attempt may call it again.
   */
  end?(target: ReplyTarget, ended: Ended): Promise<void> | void;
  /** Who reads it is a program: `end` tells it all that people are told in words and buttons, and the text is the answer alone. */
  readonly tellsEnding?: boolean;
  pace(target: ReplyTarget): Pace;
  /** Where `post` cannot tell by its key what it has posted before. */
  readonly traces?: Traces;
}

/** How an answer, or what was said in place of one, has ended. Plain data. */
export interface Ended {
  readonly outcome: 'answered' | 'stopped' | 'failed' | 'said';
  /** What has failed. */
  readonly failure?: Notice;
  /** The same for people, in the reader's language. */
  readonly words?: string;
  readonly conversationId?: string;
  readonly followUps?: readonly string[];
  readonly usage?: Usage;
}

/** How to find a post whose fate is unknown, on a platform that can neither be asked for it nor knows it again. */
export interface Traces {
  /** The name of what counts the ids there: two posts in different channels may be numbered together. */
  counter(target: ReplyTarget): string;
  /** What is known of the place right before a post. `newest`: the highest id there that any process knows. */
  mark(target: ReplyTarget, newest?: string): string;
  /**
   * Where the post is if it has landed, the likeliest first; `newest` is by now the highest id that any process knows.
   * Most of these are other messages, or none: an edit of what is not ours rejects with MessageGone and changes nothing.
   */
  candidates(target: ReplyTarget, mark: string, newest?: string): readonly MessageRef[];
}

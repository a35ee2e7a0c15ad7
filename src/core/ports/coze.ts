import type { Enclosure, FileKind } from '../message.ts';

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
  readonly enclosure?: Enclosure;
  readonly speaker: { readonly name?: string; readonly platform: string; readonly locale?: string };
}

/** Tokens, as Coze bills them. */
export interface Usage {
  readonly total: number;
  readonly input: number;
  readonly output: number;
}

export interface Answer {
  readonly text: string;
  /** What the bot thought before it answered, where it tells. */
  readonly reasoning?: string;
  /** What Coze suggests to ask next. */
  readonly followUps?: readonly string[];
  readonly usage?: Usage;
}

export type CozeEvent =
  | { readonly type: 'created'; readonly chat: ChatRef; readonly logid?: string }
  /** The whole answer so far. It may differ from what came before: `completed` replaces what deltas built. */
  | { readonly type: 'text'; readonly text: string }
  /** The whole reasoning so far. It comes before the answer, and is no part of it. */
  | { readonly type: 'reasoning'; readonly text: string }
  /** The last event, always; nothing follows. */
  | { readonly type: 'done'; readonly answer: Answer };

/** A bot, as its owner finds it in a list. */
export interface ListedBot {
  readonly id: string;
  readonly name: string;
  readonly isPublished: boolean;
  readonly workspaceId: string;
}

/** A file that Coze keeps, for three months, and shows to nobody else. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

/** What may be asked of Coze besides chats. Everything rejects as with CozeBackend. */
export interface CozeDesk {
  /** The bots of a workspace; without one, of every workspace that the token may look into. */
  bots(workspaceId?: string): Promise<readonly ListedBot[]>;
  upload(
    file: { readonly name: string; readonly bytes: Uint8Array },
    signal?: AbortSignal,
  ): Promise<StoredFile>;
  /** What a file goes into a question as, by the ending of its name. Undefined: Coze has no such file. */
  kindOf(fileId: string): Promise<FileKind | undefined>;
}

/** Coze, made safe. Everything rejects with CozeFailed, or with the signal's reason when that aborted. */
export interface CozeBackend {
  /** Makes a conversation and returns its id. */
  openConversation(): Promise<string>;
  /** Ends normally only after `done`. Leaving the loop early closes the connection (the chat goes on at Coze). */
  ask(question: Question, signal: AbortSignal): AsyncIterable<CozeEvent>;
  /** The chat that answers a question which Coze may have taken without our hearing of it, if it has. */
  findQuestion(conversationId: string, turnId: string, signal: AbortSignal): Promise<ChatRef | undefined>;
  /** The whole answer of a chat that we lost sight of; waits, polling, while it still runs. */
  recover(chat: ChatRef, signal: AbortSignal): Promise<Answer>;
  /** Stops a chat. One that is over already counts as stopped. */
  cancel(chat: ChatRef): Promise<void>;
  /** Makes the conversation forget what was said in it. */
  clear(conversationId: string): Promise<void>;
}

import type { Notice } from './notices.ts';

/** The words that cross processes. Everything here survives `JSON.parse(JSON.stringify(x))`. */

/** Where an answer goes: enough for a worker on another host to post it. */
export interface ReplyTarget {
  /** The adapter's name. */
  readonly platform: string;
  /** Which of our accounts there: two bots may share a channel, and message ids are theirs alone. */
  readonly bot: string;
  readonly channel: string;
  /** A Discord thread or a Telegram topic inside the channel. */
  readonly thread?: string;
  /** The name of the channel when its conversations began, where it has another one now. */
  readonly formerly?: string;
  /** The id of the message to reply to, where a reply shows who is meant. */
  readonly replyTo?: string;
  /** The id of the message that is answered, where ids count up: whatever we post comes after it. */
  readonly after?: string;
  /** Opaque to all but the adapter that wrote it. */
  readonly token?: string;
}

export interface Author {
  readonly id: string;
  /** Where the platform knows one. */
  readonly name?: string;
  /** As the platform gives it, for example `zh-hans` or `en-GB`. */
  readonly locale?: string;
  /** May decide for others there. Looked up only where it matters: for who stops an answer. */
  readonly isAdmin?: boolean;
}

export interface Attachment {
  readonly kind: 'image' | 'audio' | 'video' | 'file' | 'sticker' | 'other';
}

/** One of the messages that are one question. */
export interface Piece {
  readonly id: string;
  /** How many characters of the text are its own, and how many of the attachments. */
  readonly length: number;
  readonly attachments: number;
}

/** How Coze looks at a file. */
export type FileKind = 'image' | 'audio' | 'file';

/** What a program gives with a question besides its text. */
export interface Enclosure {
  /** What was said before it, as if it were in the conversation: the oldest first. */
  readonly context?: readonly Said[];
  /** Files that Coze has. */
  readonly files?: readonly { readonly id: string; readonly kind: FileKind }[];
  /** The conversation of Coze that this question, and what comes after it, is asked in. */
  readonly conversationId?: string;
  /** By name: letters and `_`. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface Said {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** What a person wrote. */
export interface InboundMessage {
  /** Unique among all messages of all platforms: a second one with this id is the same message again. */
  readonly id: string;
  readonly author: Author;
  /** Without the mention of the bot. May be empty when there are attachments. */
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** `direct`: in private. `mention`: in public, to the bot. `overheard`: in public, to somebody else. */
  readonly addressed: 'direct' | 'mention' | 'overheard';
  readonly target: ReplyTarget;
  /** Milliseconds since 1970. */
  readonly sentAt: number;
  readonly enclosure?: Enclosure;
  /** A program asks, which is told by other means what people are told in words. */
  readonly isByProgram?: boolean;
  /** The `data` of the button that was pressed, where somebody did that in place of writing; `text` is empty then. */
  readonly pressed?: string;
  /** What the gateway has found to say to it, where that is decided already. */
  readonly remark?: Notice;
  /** It may have been written while nobody listened: then it may be too old to be answered. */
  readonly isMissed?: boolean;
  /** Sent together with all others of this name: they are one question. */
  readonly album?: string;
  /** Nearly as long as a message may be there: the rest of it may follow in another one. */
  readonly isCut?: boolean;
  /** Which messages it was joined of, in their order; their texts stand in lines of their own. */
  readonly pieces?: readonly Piece[];
  /** Until then the rest of the question is waited for: milliseconds since 1970. */
  readonly openUntil?: number;
  /** It is the newer text of that message; `sentAt` says since when. */
  readonly edits?: Pick<InboundMessage, 'id' | 'sentAt'>;
}

/** A message that we posted. */
export interface MessageRef {
  readonly target: ReplyTarget;
  readonly id: string;
  /** What it shows, in few characters, where that is known for certain: see `digestOf`. */
  readonly digest?: string;
  readonly hasButtons?: boolean;
  readonly isFile?: boolean;
}

/** A button under a message. */
export interface Button {
  readonly label: string;
  /** Comes back as `InboundMessage.pressed`. At most 64 bytes, as Telegram has room for no more. */
  readonly data: string;
}

/** A file to be sent along. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** One platform message: its text, and what the platform needs to show it, in the adapter's own words. */
export interface Part {
  readonly text: string;
  readonly format?: Json;
  /** What can be pressed under it; none is the same as an empty list. */
  readonly buttons?: readonly Button[];
  /** It goes on with what they have been notified of already. */
  readonly isQuiet?: boolean;
  /** A message with a file is posted once, and never edited. */
  readonly file?: TextFile;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

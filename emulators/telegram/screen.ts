import type { InlineKeyboardMarkup, MessageEntity } from 'grammy/types';
import { shownText } from './messages.ts';
import { type RichSource, richText } from './rich.ts';
import type { StoredMessage, TypingShown, World } from './world.ts';

/** A bot's message as a reader sees it now, and how it came to look so. */
interface ShownMessage {
  readonly messageId: number;
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  readonly history: readonly { readonly at: number; readonly text: string }[];
  readonly deleted: boolean;
  readonly replyTo: number | undefined;
  readonly threadId: number | undefined;
  readonly keyboard: InlineKeyboardMarkup | undefined;
  /** What a rich message was written as; `text` has its source. */
  readonly rich: RichSource | undefined;
  readonly document: ShownDocument | undefined;
  /** It came without a sound. */
  readonly silent: boolean;
}

/** A file as a reader can open it. */
interface ShownDocument {
  readonly fileName: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly bytes: Buffer;
  /** The bytes read as UTF-8. */
  readonly content: string;
}

interface ShownDraft {
  readonly draftId: number;
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  readonly threadId: number | undefined;
  readonly visible: boolean;
  /** It has a Stop button. */
  readonly canStop: boolean;
  readonly rich: RichSource | undefined;
  readonly history: readonly { readonly at: number; readonly text: string }[];
}

/** What a chat's people have on their screens. */
export interface Screen {
  shown(chatId: number, topicId?: number): ShownMessage[];
  typing(chatId: number): TypingShown[];
  drafts(chatId: number): ShownDraft[];
}

export function createScreen(world: World): Screen {
  const statesOf = (chatId: number) => world.chats.filter(({ chat }) => chat.id === chatId);
  return {
    shown(chatId, topicId) {
      return statesOf(chatId)
        .flatMap(({ messages }) => [...messages.values()])
        .filter(
          ({ botId, threadId }) => botId !== undefined && (topicId === undefined || threadId === topicId),
        )
        .map(showMessage);
    },
    typing: (chatId) => statesOf(chatId).flatMap(({ typing }) => [...typing]),
    drafts(chatId) {
      return statesOf(chatId).flatMap(({ drafts }) =>
        drafts.map(({ draftId, text, entities, rich, threadId, history, shownUntil, canStop }) => ({
          draftId,
          text,
          entities,
          threadId,
          history: [...history],
          visible: shownUntil > world.now(),
          canStop: canStop && shownUntil > world.now(),
          rich,
        })),
      );
    },
  };
}

function showMessage(stored: StoredMessage): ShownMessage {
  const { message, history, deleted, replyTo, threadId, rich, silent } = stored;
  return {
    messageId: message.message_id,
    text: rich === undefined ? shownText(message) : richText(rich),
    entities: message.entities ?? message.caption_entities ?? [],
    history: [...history],
    deleted,
    replyTo,
    threadId,
    keyboard: message.reply_markup,
    rich,
    document: showDocument(stored),
    silent,
  };
}

function showDocument({ message: { document }, bytes }: StoredMessage): ShownDocument | undefined {
  if (document === undefined || bytes === undefined) return undefined;
  const { file_name: fileName = '', mime_type: mimeType = '' } = document;
  return { fileName, mimeType, sizeBytes: bytes.length, bytes, content: bytes.toString('utf8') };
}

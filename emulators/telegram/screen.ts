import type { InlineKeyboardMarkup, MessageEntity } from 'grammy/types';
import { shownText } from './messages.ts';
import type { TypingShown, World } from './world.ts';

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
}

interface ShownDraft {
  readonly draftId: number;
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  readonly threadId: number | undefined;
  readonly visible: boolean;
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
        .map(({ message, history, deleted, replyTo, threadId }) => ({
          messageId: message.message_id,
          text: shownText(message),
          entities: message.entities ?? [],
          history: [...history],
          deleted,
          replyTo,
          threadId,
          keyboard: message.reply_markup,
        }));
    },
    typing: (chatId) => statesOf(chatId).flatMap(({ typing }) => [...typing]),
    drafts(chatId) {
      return statesOf(chatId).flatMap(({ drafts }) =>
        drafts.map(({ draftId, text, entities, threadId, history, shownUntil }) => ({
          draftId,
          text,
          entities,
          threadId,
          history: [...history],
          visible: shownUntil > world.now(),
        })),
      );
    },
  };
}

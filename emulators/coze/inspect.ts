import type { MessageType, Said } from './script.ts';
import type { Chat, ChatStatus, State } from './state.ts';

export interface ChatSnapshot {
  readonly id: string;
  readonly conversationId: string;
  readonly status: ChatStatus;
  /** It keeps its conversation from other chats. */
  readonly running: boolean;
  /** What it has answered so far, completed messages only. */
  readonly answers: readonly string[];
  readonly followUps: readonly string[];
}

export interface ConversationSnapshot {
  readonly id: string;
  readonly sectionId: string;
  /** The token it was made with, or by OAuth the app and the session: `APP/SESSION`. */
  readonly account: string;
  readonly running: boolean;
  /** What the next chat would know. */
  readonly remembered: readonly Said[];
}

export function inspectChats(state: State): ChatSnapshot[] {
  return [...state.chats.values()].map((chat) => ({
    id: chat.id,
    conversationId: chat.conversation.id,
    status: chat.status,
    running: chat.conversation.occupant === chat,
    answers: contentsOf(chat, 'answer'),
    followUps: contentsOf(chat, 'follow_up'),
  }));
}

const contentsOf = ({ messages }: Chat, wanted: MessageType) =>
  messages.filter(({ type }) => type === wanted).map(({ content }) => content);

export function inspectConversations(state: State): ConversationSnapshot[] {
  return [...state.conversations.values()].map((conversation) => ({
    id: conversation.id,
    sectionId: conversation.sectionId,
    account: conversation.owner,
    running: conversation.occupant !== undefined,
    remembered: state.remembered(conversation).map(({ role, content }) => ({ role, text: content })),
  }));
}

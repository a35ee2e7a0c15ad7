import type { Dialect } from './dialect.ts';
import type { Chat, Conversation, Message } from './state.ts';

/** A chat as replies and events show it: stubs where there is nothing to tell. */
export function viewChat(chat: Chat, dialect: Dialect): Record<string, unknown> {
  const ended = (status: string) => (chat.status === status ? chat.endedAt : undefined) ?? 0;
  return {
    id: chat.id,
    conversation_id: chat.conversation.id,
    bot_id: chat.botId,
    section_id: chat.sectionId,
    created_at: chat.createdAt,
    completed_at: ended('completed'),
    failed_at: ended('failed'),
    meta_data: chat.metaData,
    last_error: chat.lastError,
    status: chat.status === 'canceled' ? dialect.canceled : chat.status,
    usage: chat.usage ? viewUsage(chat.usage) : null,
    required_action: chat.requiredAction,
  };
}

function viewUsage({ input, output }: { input: number; output: number }) {
  return { token_count: input + output, output_count: output, input_count: input };
}

export function viewConversation(conversation: Conversation) {
  return {
    id: conversation.id,
    created_at: conversation.createdAt,
    updated_at: conversation.messages.at(-1)?.created_at ?? conversation.createdAt,
    meta_data: conversation.metaData,
    last_section_id: conversation.sectionId,
    name: conversation.name,
    creator_id: '7300000000000000001',
    connector_id: '1024',
  };
}

/**
 * The messages of a chat in an order that is not the one they came in, as Coze has it: `verbose` before the
 * answer, newest first. Only what was made in the same second keeps its order, or no client could restore it.
 */
export function unordered(messages: readonly Message[]): Message[] {
  return messages.toSorted((a, b) => rank(a) - rank(b) || b.created_at - a.created_at);
}

const rank = ({ type }: Message) => ['verbose', 'follow_up', 'answer'].indexOf(type) + 1 || 4;

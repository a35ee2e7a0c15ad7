import type { ChatRequest } from './chat-request.ts';
import { type EnterMessage, parseItems } from './enter-message.ts';
import type { AskedQuestion, Said } from './script.ts';
import type { Chat, Message } from './state.ts';

/** What the bot is asked, and what it knows. */
export function toQuestion(
  chat: Chat,
  request: ChatRequest,
  remembered: readonly Message[],
  count: number,
): AskedQuestion {
  const messages = [...remembered.map(toEntered), ...request.messages];
  const question = messages.findLast(({ role }) => role === 'user');
  return {
    text: question ? textOf(question) : '',
    attachments: question ? attachmentsOf(question) : 0,
    userId: request.userId,
    conversationId: chat.conversation.id,
    chatId: chat.id,
    context: messages
      .filter((message) => message !== question && ['question', 'answer'].includes(message.type))
      .map((message): Said => ({ role: message.role, text: textOf(message) })),
    customVariables: request.customVariables,
    metaData: { ...request.metaData, ...question?.metaData },
    count,
  };
}

function toEntered({ role, type, content, content_type, meta_data }: Message): EnterMessage {
  return { role, type, content, contentType: content_type, metaData: meta_data };
}

function textOf({ content, contentType }: EnterMessage): string {
  if (contentType !== 'object_string') return content;
  return String(parseItems(content).find(({ type }) => type === 'text')?.text ?? '');
}

function attachmentsOf({ content, contentType }: EnterMessage): number {
  return contentType === 'object_string'
    ? parseItems(content).filter(({ type }) => type !== 'text').length
    : 0;
}

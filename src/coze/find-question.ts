import type { ChatRef } from '../core/ports/coze.ts';
import { call } from './call.ts';
import { requireId } from './ids.ts';
import { type Loose, loose, textIn } from './loose.ts';
import type { Access } from './wire.ts';

/** As many as Coze gives at once. The question is among the newest: nobody asks there while it is not answered. */
const newest = 50;

/** Looks for the chat that answers a question; see `CozeBackend.findQuestion`. What Coze does not keep is not found. */
export async function findQuestion(
  access: Access,
  { conversationId, turnId }: { readonly conversationId: string; readonly turnId: string },
  signal: AbortSignal,
): Promise<ChatRef | undefined> {
  const id = requireId(conversationId);
  const found: unknown = await call(
    access,
    (coze) => coze.conversations.messages.list(id, { order: 'desc', limit: newest }),
    signal,
  );
  const listed = loose(found)?.data;
  const messages = Array.isArray(listed) ? listed.map((message) => loose(message) ?? {}) : [];
  const at = messages.findIndex((message) => loose(message.meta_data)?.turn_id === turnId);
  const chatId = at < 0 ? undefined : chatOf(messages, at);
  return chatId === undefined ? undefined : { conversationId, chatId };
}

/** Where the question itself does not name its chat, what came right after it does. */
function chatOf(newestFirst: readonly Loose[], at: number): string | undefined {
  return textIn(newestFirst[at]?.chat_id) ?? textIn(newestFirst[at - 1]?.chat_id);
}

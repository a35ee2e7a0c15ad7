import type { Message, User } from 'grammy/types';
import { deliver } from './delivery.ts';
import { addMessage } from './messages.ts';
import { asChatMember } from './methods/chatting.ts';
import { type BotState, type ChatState, type Member, unixTime, type World } from './world.ts';

/** Changes what a bot is in a chat, and tells it. */
export function changeStatus(
  world: World,
  state: ChatState,
  change: { readonly bot: BotState; readonly by: User; readonly status: Member['status'] },
): void {
  const { bot, by, status } = change;
  const before = state.members.get(bot.user.id) ?? { user: bot.user, status: 'left', privacy: bot.privacy };
  const after: Member = { ...before, status };
  state.members.set(bot.user.id, after);
  bot.updates.push('my_chat_member', {
    chat: state.chat,
    from: by,
    date: unixTime(world),
    old_chat_member: asChatMember(before),
    new_chat_member: asChatMember(after),
  });
}

/** A message that nobody wrote: somebody came, a topic was opened, a message was pinned. */
export function announce(
  world: World,
  state: ChatState,
  { from, content, threadId }: { from: User; content: Partial<Message>; threadId?: number },
): Message {
  const { message } = addMessage(world, state, { from, content, threadId });
  deliver(world, state, 'message', message);
  return message;
}

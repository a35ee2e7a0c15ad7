import type { Message, User } from 'grammy/types';
import { type RichSource, richText } from './rich.ts';
import { type ChatState, type StoredMessage, takeMessageId, unixTime, type World } from './world.ts';

interface NewMessage {
  readonly from: User;
  readonly content: Partial<Message>;
  /** The bot that sends it. */
  readonly botId?: number | undefined;
  readonly threadId?: number | undefined;
  readonly replyTo?: number | undefined;
  /** Without a sound. */
  readonly silent?: boolean;
  readonly rich?: RichSource;
  /** Of its document. */
  readonly bytes?: Buffer;
}

/** Puts a message into a chat, threaded as Telegram threads it. */
export function addMessage(world: World, state: ChatState, added: NewMessage): StoredMessage {
  const { from, content, botId, replyTo } = added;
  const replied = replyTo === undefined ? undefined : state.messages.get(replyTo);
  const threadId = added.threadId ?? (state.topics.size > 0 ? replied?.threadId : undefined);
  const message = {
    message_id: takeMessageId(world, state),
    from,
    chat: state.chat,
    date: unixTime(world),
    ...threadFields(state, threadId, replied),
    ...content,
  } as Message;
  const { rich, bytes, silent = false } = added;
  const text = rich === undefined ? shownText(message) : richText(rich);
  const history = [{ at: world.now(), text }];
  const stored: StoredMessage = {
    message,
    botId,
    threadId,
    replyTo,
    history,
    deleted: false,
    silent,
    rich,
    bytes,
  };
  state.messages.set(message.message_id, stored);
  return stored;
}

export const shownText = (message: Message) => message.text ?? message.caption ?? '';

function threadFields(state: ChatState, threadId: number | undefined, replied: StoredMessage | undefined) {
  const reply = replied && { reply_to_message: asReplied(replied.message) };
  if (threadId !== undefined && state.topics.has(threadId)) {
    // Within a topic, a message that answers nothing answers the message that opened the topic.
    const opening = state.messages.get(threadId);
    const implicit = opening && { reply_to_message: asReplied(opening.message) };
    return { message_thread_id: threadId, is_topic_message: true, ...implicit, ...reply };
  }
  // Outside forums a supergroup numbers its reply threads, by the message that began them.
  const numbered = state.chat.type === 'supergroup' && state.chat.is_forum !== true;
  const root = numbered && (threadId ?? replied?.message.message_thread_id ?? replied?.message.message_id);
  return { ...(root && { message_thread_id: root }), ...reply };
}

/** A message inside another one carries no further reply. */
export function asReplied(message: Message): Message {
  const { reply_to_message, ...rest } = message;
  return rest;
}

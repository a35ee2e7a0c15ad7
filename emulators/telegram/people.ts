import type { Message, MessageEntity, User } from 'grammy/types';
import { deliver } from './delivery.ts';
import { personText } from './formatted-text.ts';
import { createMedia, type MediaKind, type MediaOptions } from './media.ts';
import { addMessage } from './messages.ts';
import { type ChatState, unixTime, type World } from './world.ts';

interface SayOptions {
  /** Who speaks; without it the chat's first person. */
  readonly from?: User;
  /** The message, by its id, that is answered. */
  readonly replyTo?: number;
  /** Somebody whose name in the text becomes a mention, as apps do for people without a user name. */
  readonly mention?: User;
}

interface SendOptions extends SayOptions, MediaOptions {
  readonly caption?: string;
  /** Makes it one of an album. */
  readonly mediaGroupId?: string;
}

/** A place where people write: a chat, or one topic of it. */
export interface Place {
  readonly id: number;
  say(text: string, options?: SayOptions): Message;
  send(kind: MediaKind, options?: SendOptions): Message;
  edit(messageId: number, text: string): Message;
  /** Bots are not told. */
  remove(messageId: number): void;
  /** Presses the button of a bot's message that carries this data. */
  press(messageId: number, data: string, options?: { readonly from?: User }): Press;
}

interface Press {
  readonly id: string;
  /** What the bot's answer shows, once it has answered. */
  answer(): { readonly text: string; readonly alert: boolean } | undefined;
}

export interface PlaceOptions {
  readonly world: World;
  readonly state: ChatState;
  readonly threadId?: number;
  readonly person: User;
}

export function createPlace({ world, state, threadId, person }: PlaceOptions): Omit<Place, 'id'> {
  function write(content: Partial<Message>, { from = person, replyTo }: SayOptions): Message {
    if (!state.members.has(from.id))
      state.members.set(from.id, { user: from, status: 'member', privacy: false });
    const { message } = addMessage(world, state, { from, content, threadId, replyTo });
    deliver(world, state, 'message', message);
    return message;
  }
  return {
    say: (text, options = {}) => write(textContent(text, options.mention), options),
    send(kind, options = {}) {
      const { caption, mention, mediaGroupId } = options;
      const { text, entities } = textContent(caption ?? '', mention);
      const content = {
        ...createMedia(world, kind, options),
        ...(text && { caption: text }),
        ...(entities && { caption_entities: entities }),
        ...(mediaGroupId && { media_group_id: mediaGroupId }),
      };
      return write(content, options);
    },
    edit: (messageId, text) => editOwn(world, state, messageId, text),
    remove(messageId) {
      const stored = state.messages.get(messageId);
      if (stored !== undefined) stored.deleted = true;
    },
    press: (messageId, data, { from = person } = {}) => press(world, state, { messageId, data, from }),
  };
}

function textContent(text: string, mention?: User): { text: string; entities?: MessageEntity[] } {
  const offset = mention === undefined ? -1 : text.indexOf(mention.first_name);
  const mentions: MessageEntity[] =
    mention === undefined || offset < 0
      ? []
      : [{ type: 'text_mention', offset, length: mention.first_name.length, user: mention }];
  const formatted = personText(text, mentions);
  return {
    text: formatted.text,
    ...(formatted.entities.length > 0 && { entities: [...formatted.entities] }),
  };
}

function editOwn(world: World, state: ChatState, messageId: number, text: string): Message {
  const stored = state.messages.get(messageId);
  if (stored === undefined) throw new Error(`there is no message ${messageId} to edit`);
  const { entities: _old, caption_entities: _oldCaption, ...rest } = stored.message;
  const content = textContent(text);
  const written =
    stored.message.text === undefined
      ? { caption: content.text, ...(content.entities && { caption_entities: content.entities }) }
      : content;
  stored.message = { ...rest, ...written, edit_date: unixTime(world) } as Message;
  stored.history.push({ at: world.now(), text });
  deliver(world, state, 'edited_message', stored.message);
  return stored.message;
}

function press(
  world: World,
  state: ChatState,
  { messageId, data, from }: { messageId: number; data: string; from: User },
): Press {
  const stored = state.messages.get(messageId);
  const buttons = stored?.message.reply_markup?.inline_keyboard.flat() ?? [];
  const bot = [...world.bots.values()].find(({ user }) => user.id === stored?.botId);
  if (
    stored === undefined ||
    bot === undefined ||
    !buttons.some((b) => 'callback_data' in b && b.callback_data === data)
  ) {
    throw new Error(`message ${messageId} has no button with the data ${data}`);
  }
  const id = String(world.nextId('query'));
  world.queries.set(id, { botId: bot.user.id, askedAt: world.now(), answer: undefined });
  const chatInstance = String(state.chat.id * 7919);
  bot.updates.push('callback_query', {
    id,
    from,
    message: stored.message,
    chat_instance: chatInstance,
    data,
  });
  return { id, answer: () => world.queries.get(id)?.answer };
}

import type { Message, MessageEntity, User } from 'grammy/types';
import { deliver } from './delivery.ts';
import { personText } from './formatted-text.ts';
import { createMedia, type MediaKind, type MediaOptions } from './media.ts';
import { addMessage } from './messages.ts';
import { buttonsOf, type Press, press, type ShownButton, stopDraft } from './pressing.ts';
import { type ChatState, type Member, unixTime, type World } from './world.ts';

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
  /** The buttons that a message shows now, row by row. */
  buttons(messageId: number): ShownButton[];
  /** Presses the native Stop of a draft that has one; without a number, of the one that is shown. */
  stopDraft(draftId?: number): void;
  /** The same place for somebody else, who joins silently if need be. */
  as(person: User): Omit<Place, 'id'>;
}

export interface PlaceOptions {
  readonly world: World;
  readonly state: ChatState;
  readonly threadId?: number;
  readonly person: User;
}

export function createPlace({ world, state, threadId, person }: PlaceOptions): Omit<Place, 'id'> {
  function join(user: User): Member {
    const known = state.members.get(user.id);
    if (known !== undefined) return known;
    const member: Member = { user, status: 'member', privacy: false };
    state.members.set(user.id, member);
    return member;
  }

  function write(content: Partial<Message>, { from = person, replyTo }: SayOptions): Message {
    const member = join(from);
    // Who hides behind the group is shown as it, with one sender for all of them.
    const named = member.anonymous
      ? { from: world.anonymous, content: { ...content, sender_chat: state.chat } }
      : { from, content };
    const { message } = addMessage(world, state, { ...named, threadId, replyTo });
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
    buttons: (messageId) => buttonsOf(state, messageId),
    stopDraft: (draftId) => stopDraft(world, state, { draftId, threadId }),
    as(other) {
      join(other);
      return createPlace({ world, state, person: other, ...(threadId !== undefined && { threadId }) });
    },
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

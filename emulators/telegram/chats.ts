import type { Chat, Message, User } from 'grammy/types';
import { announce, changeStatus } from './memberships.ts';
import { asReplied } from './messages.ts';
import { createPlace, type Place } from './people.ts';
import {
  type BotState,
  type ChatState,
  createChat,
  type Member,
  upcomingMessageId,
  type World,
} from './world.ts';

interface Topic extends Place {
  readonly name: string;
  close(): void;
  reopen(): void;
  remove(): void;
}

export interface PrivateChat extends Place {
  readonly person: User;
  block(): void;
  unblock(): void;
  deleteAccount(): void;
  /** For bots with topics in private chats. */
  topic(name: string): Topic;
}

export interface Group extends Place {
  readonly person: User;
  join(person: User): Message;
  pin(messageId: number): Message;
  /** Makes somebody an administrator; an anonymous one writes in the name of the group. */
  promote(person: User, options?: { readonly anonymous?: boolean }): void;
  addBot(bot?: BotState): void;
  promoteBot(bot?: BotState): void;
  removeBot(bot?: BotState): void;
  kickBot(bot?: BotState): void;
  /** The group gets a new id; calls with the old one are told so. */
  upgradeToSupergroup(): Group;
  /** Opens a topic, in a forum. */
  topic(name: string): Topic;
}

export interface GroupOptions {
  readonly title?: string;
  readonly person?: User;
  readonly kind?: 'group' | 'supergroup' | 'forum';
  readonly username?: string;
  /** Privacy mode as it was when the bot joined; without it, the bot's own. */
  readonly privacy?: boolean;
}

const joined = (bot: BotState, privacy = bot.privacy): Member => ({
  user: bot.user,
  status: 'member',
  privacy,
});

export function createPrivateChat(world: World, bot: BotState, person: User): PrivateChat {
  const { id, first_name, username } = person;
  const chat: Chat.PrivateChat = {
    id,
    first_name,
    ...(username !== undefined && { username }),
    type: 'private',
  };
  const state = createChat(chat, [joined(bot), { user: person, status: 'member', privacy: false }]);
  world.chats.push(state);
  const change = (status: Member['status']) => changeStatus(world, state, { bot, by: person, status });
  return {
    id,
    person,
    ...createPlace({ world, state, person }),
    block: () => change('kicked'),
    unblock: () => change('member'),
    deleteAccount() {
      state.accountDeleted = true;
    },
    topic(name) {
      if (!bot.topics) throw new Error('the bot has no topics in private chats');
      return openTopic(world, state, person, name);
    },
  };
}

export function createGroup(world: World, bot: BotState, person: User, options: GroupOptions): Group {
  const { title = 'Reading circle', kind = 'group', username } = options;
  const chat: ChatState['chat'] =
    kind === 'group'
      ? { id: -world.nextId('group'), title, type: 'group' }
      : {
          id: -world.nextId('supergroup'),
          title,
          ...(username !== undefined && { username }),
          type: 'supergroup',
          ...(kind === 'forum' && { is_forum: true as const }),
        };
  const members = [
    joined(bot, options.privacy),
    { user: person, status: 'creator' as const, privacy: false },
  ];
  // The first message of a supergroup tells of its creation, before any bot is there.
  const state = createChat(chat, members, kind === 'group' ? 1 : 2);
  world.chats.push(state);
  return groupHandle(world, bot, person, state);
}

function groupHandle(world: World, bot: BotState, person: User, state: ChatState): Group {
  const change = (status: Member['status'], of: BotState) =>
    changeStatus(world, state, { bot: of, by: person, status });
  return {
    id: state.chat.id,
    person,
    ...createPlace({ world, state, person }),
    join(newcomer) {
      state.members.set(newcomer.id, { user: newcomer, status: 'member', privacy: false });
      return announce(world, state, { from: newcomer, content: { new_chat_members: [newcomer] } });
    },
    pin(messageId) {
      const pinned = state.messages.get(messageId);
      if (pinned === undefined) throw new Error(`there is no message ${messageId} to pin`);
      return announce(world, state, { from: person, content: { pinned_message: asReplied(pinned.message) } });
    },
    promote(promoted, { anonymous = false } = {}) {
      const known = state.members.get(promoted.id);
      const status = known?.status === 'creator' ? known.status : 'administrator';
      state.members.set(promoted.id, { user: promoted, status, privacy: false, anonymous });
    },
    addBot(added = bot) {
      state.members.set(added.user.id, { ...joined(added), status: 'left' });
      change('member', added);
      announce(world, state, { from: person, content: { new_chat_members: [added.user] } });
    },
    promoteBot: (of = bot) => change('administrator', of),
    removeBot: (of = bot) => change('left', of),
    kickBot: (of = bot) => change('kicked', of),
    upgradeToSupergroup: () => groupHandle(world, bot, person, upgrade(world, state, person)),
    topic: (name) => openTopic(world, state, person, name),
  };
}

function upgrade(world: World, state: ChatState, person: User): ChatState {
  const id = -world.nextId('supergroup');
  const chat: Chat.SupergroupChat = { id, title: state.chat.title ?? '', type: 'supergroup' };
  const upgraded = createChat(chat, [...state.members.values()]);
  world.chats.push(upgraded);
  announce(world, state, { from: person, content: { migrate_to_chat_id: id } });
  state.migratedTo = id;
  announce(world, upgraded, { from: person, content: { migrate_from_chat_id: state.chat.id } });
  return upgraded;
}

function openTopic(world: World, state: ChatState, person: User, name: string): Topic {
  if (state.chat.type !== 'private' && state.chat.is_forum !== true)
    throw new Error('only a forum has topics');
  const threadId = upcomingMessageId(world, state);
  const topic = { id: threadId, name, closed: false };
  state.topics.set(threadId, topic);
  const tell = (content: Partial<Message>) => announce(world, state, { from: person, content, threadId });
  tell({ forum_topic_created: { name, icon_color: 7322096 } });
  return {
    name,
    ...createPlace({ world, state, person, threadId }),
    id: threadId,
    close() {
      topic.closed = true;
      tell({ forum_topic_closed: {} });
    },
    reopen() {
      topic.closed = false;
      tell({ forum_topic_reopened: {} });
    },
    remove() {
      state.topics.delete(threadId);
      for (const stored of state.messages.values()) if (stored.threadId === threadId) stored.deleted = true;
    },
  };
}

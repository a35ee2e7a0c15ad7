import type { BotCommand, Chat, Document, Message, MessageEntity, User } from 'grammy/types';
import type { RateLimiter } from './rate-limit.ts';
import type { RichSource } from './rich.ts';
import type { UpdateQueue } from './updates.ts';
import type { Webhook, WebhookRules } from './webhook.ts';

export interface BotState {
  readonly user: User & { readonly username: string };
  readonly token: string;
  /** Privacy mode: in groups it is handed only what is meant for it. */
  readonly privacy: boolean;
  /** Topics in its private chats. */
  readonly topics: boolean;
  readonly updates: UpdateQueue;
  readonly commands: Map<string, readonly BotCommand[]>;
  /** Of all its private chats and basic groups together. */
  nextMessageId: number;
  webhook: Webhook | undefined;
  /** A setWebhook before that is refused. */
  nextSetWebhookAt: number;
}

export interface Member {
  readonly user: User;
  /** `kicked` in a private chat means that the person has blocked the bot. */
  status: 'creator' | 'administrator' | 'member' | 'left' | 'kicked';
  /** Taken from the bot's privacy mode when it joined, as on the real server. */
  readonly privacy: boolean;
  /** An administrator who writes in the name of the group. */
  anonymous?: boolean;
}

interface TopicState {
  readonly id: number;
  readonly name: string;
  closed: boolean;
}

export interface StoredMessage {
  message: Message;
  readonly botId: number | undefined;
  readonly threadId: number | undefined;
  readonly replyTo: number | undefined;
  readonly history: { readonly at: number; readonly text: string }[];
  deleted: boolean;
  /** Sent without a sound. */
  readonly silent: boolean;
  /** What a rich message was written as. */
  rich: RichSource | undefined;
  /** Of its document. */
  readonly bytes: Buffer | undefined;
}

interface DraftState {
  readonly draftId: number;
  readonly threadId: number | undefined;
  canStop: boolean;
  keepOnStop: boolean;
  text: string;
  entities: readonly MessageEntity[];
  rich: RichSource | undefined;
  shownUntil: number;
  readonly history: { readonly at: number; readonly text: string }[];
}

export interface TypingShown {
  readonly at: number;
  readonly action: string;
  readonly threadId: number | undefined;
}

export interface ChatState {
  readonly chat: Chat.PrivateChat | Chat.GroupChat | Chat.SupergroupChat;
  readonly members: Map<number, Member>;
  readonly messages: Map<number, StoredMessage>;
  readonly topics: Map<number, TopicState>;
  readonly typing: TypingShown[];
  readonly drafts: DraftState[];
  /** Greater than all that are there. Supergroups count alone. */
  nextMessageId: number;
  lastBotToSpeak: number | undefined;
  migratedTo: number | undefined;
  accountDeleted: boolean;
}

interface CallbackQueryState {
  readonly botId: number;
  readonly askedAt: number;
  answer: { readonly text: string; readonly alert: boolean } | undefined;
}

/** Everything that the server knows. */
export interface World {
  readonly now: () => number;
  readonly limiter: RateLimiter;
  readonly webhookRules: WebhookRules;
  /** By token. */
  readonly bots: Map<string, BotState>;
  readonly people: Map<number, User>;
  /** The one sender that all anonymous administrators have. */
  readonly anonymous: User;
  readonly chats: ChatState[];
  readonly queries: Map<string, CallbackQueryState>;
  /** Uploaded ones, by `file_id`. */
  readonly files: Map<string, { readonly document: Document; readonly bytes: Buffer }>;
  /** False for a server that was built before rich messages came. */
  readonly richMessages: boolean;
  /** Counts up from its start, per kind of thing. */
  nextId(kind: 'person' | 'bot' | 'group' | 'supergroup' | 'query' | 'file'): number;
}

const firstIds = {
  person: 510_000_001,
  bot: 7_100_000_001,
  group: 4_900_000_001,
  supergroup: 1_002_100_000_001,
  query: 4_382_000_000_001,
  file: 1,
};

const anonymous: User = {
  id: 1_087_968_824,
  is_bot: true,
  first_name: 'Group',
  username: 'GroupAnonymousBot',
};

export function createWorld(limiter: RateLimiter, webhookRules: WebhookRules, richMessages = true): World {
  const next = { ...firstIds };
  return {
    now: webhookRules.now,
    limiter,
    webhookRules,
    bots: new Map(),
    people: new Map([[anonymous.id, anonymous]]),
    anonymous,
    chats: [],
    queries: new Map(),
    files: new Map(),
    richMessages,
    nextId: (kind) => next[kind]++,
  };
}

export function createChat(
  chat: ChatState['chat'],
  members: readonly Member[],
  firstMessageId = 1,
): ChatState {
  return {
    chat,
    members: new Map(members.map((member) => [member.user.id, member])),
    messages: new Map(),
    topics: new Map(),
    typing: [],
    drafts: [],
    nextMessageId: firstMessageId,
    lastBotToSpeak: undefined,
    migratedTo: undefined,
    accountDeleted: false,
  };
}

/** A private chat belongs to one bot: two bots of one person have two chats with the same id. */
export function findChat(world: World, bot: BotState, id: number | string): ChatState | undefined {
  return world.chats.find(({ chat, members }) => {
    if (!members.has(bot.user.id)) return false;
    return typeof id === 'number' ? chat.id === id : chat.type === 'supergroup' && chat.username === id;
  });
}

/** The number of the next message there. Private chats and basic groups draw from the counter of their bot's account. */
export function upcomingMessageId(world: World, state: ChatState): number {
  return Math.max(state.nextMessageId, ...accountsOf(world, state).map(({ nextMessageId }) => nextMessageId));
}

export function takeMessageId(world: World, state: ChatState): number {
  const id = upcomingMessageId(world, state);
  state.nextMessageId = id + 1;
  for (const bot of accountsOf(world, state)) bot.nextMessageId = id + 1;
  return id;
}

/** Whose counters go on with a message there. Two bots in a basic group see the same numbers here, unlike in Telegram. */
function accountsOf(world: World, state: ChatState): BotState[] {
  if (state.chat.type === 'supergroup') return [];
  if (state.chat.type === 'group') return botsIn(world, state);
  return [...world.bots.values()].filter(({ user }) => state.members.has(user.id));
}

export const unixTime = (world: World) => Math.floor(world.now() / 1000);

/** The bots that are in a chat now. */
export function botsIn(world: World, { members }: ChatState): BotState[] {
  return [...world.bots.values()].filter((bot) =>
    ['creator', 'administrator', 'member'].includes(members.get(bot.user.id)?.status ?? 'left'),
  );
}

import type {
  APIApplicationCommand,
  APIAttachment,
  APIEmbed,
  APIMessageReference,
  APIMessageTopLevelComponent,
  APIUser,
} from 'discord.js';
import type { GatewayEvent } from './gateway/event.ts';
import { createSnowflakes } from './snowflake.ts';

export interface BotState {
  readonly user: APIUser;
  readonly token: string;
  /** What the portal has switched on; asking for more is refused. */
  readonly privilegedIntents: readonly PrivilegedIntent[];
  /** Global commands, by id. */
  readonly commands: Map<string, APIApplicationCommand>;
}

export type PrivilegedIntent = 'guildMembers' | 'guildPresences' | 'messageContent';

export interface MemberState {
  readonly user: APIUser;
  readonly roles: string[];
  readonly joinedAtMs: number;
}

export interface RoleState {
  readonly id: string;
  readonly name: string;
  readonly permissions: bigint;
  readonly mentionable: boolean;
  /** Set on the role that a bot brings with it. */
  readonly botId?: string;
}

export interface GuildState {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly roles: Map<string, RoleState>;
  readonly members: Map<string, MemberState>;
}

/** The kinds of channel that are emulated, by Discord's numbers. */
export const channelTypes = { text: 0, dm: 1, voice: 2, category: 4, announcement: 5, forum: 15 } as const;
export const threadTypes = { announcement: 10, public: 11, private: 12 } as const;

interface ThreadState {
  readonly ownerId: string;
  readonly autoArchiveMinutes: number;
  archived: boolean;
  locked: boolean;
  archiveChangedAtMs: number;
}

export interface ChannelState {
  readonly id: string;
  readonly type: number;
  readonly name: string;
  readonly guild: GuildState | undefined;
  /** Of a thread: the channel that it is in. */
  readonly parent: ChannelState | undefined;
  readonly thread: ThreadState | undefined;
  /** Of a DM: both sides. */
  readonly recipients: Map<string, APIUser>;
  /** By the id of a user, or of the guild for everybody. */
  readonly overwrites: Map<string, { allow: bigint; deny: bigint }>;
  /** Words that AutoMod does not let pass. */
  readonly blockedWords: readonly string[];
  readonly messages: Map<string, StoredMessage>;
  readonly typing: { readonly at: number; readonly userId: string }[];
}

/** Whom one write has called. */
export interface Pings {
  readonly everyone: boolean;
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

export interface WriteRecord {
  readonly at: number;
  readonly content: string;
  readonly pings: Pings;
}

export interface StoredMessage {
  readonly id: string;
  readonly channel: ChannelState;
  readonly author: APIUser;
  readonly type: number;
  readonly createdAtMs: number;
  readonly nonce: string | number | undefined;
  readonly reference: APIMessageReference | undefined;
  readonly interaction: InteractionState | undefined;
  /** An ephemeral message is there for this person only. */
  readonly visibleTo: string | undefined;
  readonly history: WriteRecord[];
  content: string;
  embeds: readonly APIEmbed[];
  components: readonly APIMessageTopLevelComponent[];
  attachments: readonly APIAttachment[];
  flags: number;
  pings: Pings;
  editedAtMs: number | undefined;
  thread: ChannelState | undefined;
  deleted: boolean;
}

export interface InteractionState {
  readonly id: string;
  readonly token: string;
  readonly bot: BotState;
  readonly channel: ChannelState;
  readonly user: APIUser;
  readonly createdAtMs: number;
  /** Of a slash command: its name and its options' values. */
  readonly command: { readonly id: string; readonly name: string } | undefined;
  /** Of a component: the message that it is on. */
  readonly source: StoredMessage | undefined;
  /** The callback that has answered it, and when. */
  answered: { readonly at: number; readonly type: number } | undefined;
  original: StoredMessage | undefined;
  readonly followUps: StoredMessage[];
}

/** Everything that the server knows. */
export interface World {
  readonly now: () => number;
  /** Where the server is called. */
  url: string;
  /** Whether messages on the gateway tell the kind of their channel. */
  readonly tellsChannelType: boolean;
  /** By token. */
  readonly bots: Map<string, BotState>;
  readonly users: Map<string, APIUser>;
  /** In what language people have their app. */
  readonly locales: Map<string, string>;
  /** Who takes no DM from bots. */
  readonly closedToDms: Set<string>;
  readonly guilds: Map<string, GuildState>;
  readonly channels: Map<string, ChannelState>;
  readonly interactions: Map<string, InteractionState>;
  /** The newest message with a nonce, by its author and that. */
  readonly nonces: Map<string, StoredMessage>;
  /** The bytes of attachments, by id. */
  readonly files: Map<string, { readonly contentType: string; readonly bytes: Buffer }>;
  nextId(atMs?: number): string;
  /** Tells the gateway. */
  publish(event: GatewayEvent): void;
}

export function createWorld(now: () => number, tellsChannelType: boolean): World {
  return {
    now,
    url: '',
    tellsChannelType,
    bots: new Map(),
    users: new Map(),
    locales: new Map(),
    closedToDms: new Set(),
    guilds: new Map(),
    channels: new Map(),
    interactions: new Map(),
    nonces: new Map(),
    files: new Map(),
    nextId: createSnowflakes(now),
    publish: () => {},
  };
}

export const isThread = (channel: ChannelState) => channel.thread !== undefined;
export const isDm = (channel: ChannelState) => channel.type === channelTypes.dm;

/** A message that is still there. */
export function liveMessage(channel: ChannelState, id: string): StoredMessage | undefined {
  const stored = channel.messages.get(id);
  return stored?.deleted === false ? stored : undefined;
}

export function botOf(world: World, userId: string): BotState | undefined {
  return [...world.bots.values()].find(({ user }) => user.id === userId);
}

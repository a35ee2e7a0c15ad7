import type { APIUser } from 'discord.js';
import { createChannel, createDm, removeChannel } from './channels.ts';
import { setThreadState, tellOfUpdate } from './messages.ts';
import { createPlace, joinSilently, type Place } from './people.ts';
import { defaultPermissions, type Permission, permissionBits } from './permissions.ts';
import { viewGuild } from './views/guild.ts';
import { messageFlags } from './views/message.ts';
import {
  type BotState,
  type ChannelState,
  channelTypes,
  type GuildState,
  liveMessage,
  type RoleState,
  threadTypes,
  type World,
} from './world.ts';

interface Thread extends Place {
  readonly name: string;
  archive(options?: { readonly locked?: boolean }): void;
  lock(): void;
  reopen(): void;
  /** Deletes the thread. */
  close(): void;
}

interface Channel extends Place {
  readonly name: string;
  /** Opens a thread, from a message or by itself. */
  thread(name: string, options?: { readonly messageId?: string; readonly from?: APIUser }): Thread;
  /** Takes permissions away from the bot in this channel. */
  deny(permissions: readonly Permission[], bot?: BotState): void;
  /** Deletes the channel. */
  close(): void;
}

export interface Dm extends Place {
  readonly person: APIUser;
  /** Whether the person takes DMs from bots. */
  open(yes: boolean): void;
}

export interface Guild {
  readonly id: string;
  readonly person: APIUser;
  channel(options?: ChannelOptions): Channel;
  role(options?: {
    readonly name?: string;
    readonly mentionable?: boolean;
    readonly permissions?: readonly Permission[];
  }): RoleState;
  /** Makes somebody a member, with the roles if there are any. */
  join(user: APIUser, options?: { readonly roles?: readonly RoleState[] }): void;
  /** Gives a member permissions by a role of their own; without a list, those of an administrator. */
  allow(user: APIUser, permissions?: readonly Permission[]): void;
  kickBot(bot?: BotState): void;
  inviteBot(bot?: BotState): void;
}

interface ChannelOptions {
  readonly name?: string;
  readonly type?: keyof typeof channelTypes;
  /** Words that AutoMod does not let pass. */
  readonly blockedWords?: readonly string[];
}

export interface GuildOptions {
  readonly name?: string;
  /** Its owner, who speaks in it unless somebody else is named. */
  readonly person?: APIUser;
}

export function createGuild(
  world: World,
  bot: BotState,
  person: APIUser,
  { name = 'Reading circle' }: GuildOptions,
): Guild {
  const id = world.nextId();
  const guild: GuildState = {
    id,
    name,
    ownerId: person.id,
    roles: new Map([[id, { id, name: '@everyone', permissions: defaultPermissions, mentionable: false }]]),
    members: new Map([[person.id, { user: person, roles: [], joinedAtMs: world.now() }]]),
  };
  world.guilds.set(id, guild);
  inviteBot(world, guild, bot);
  return {
    id,
    person,
    channel({ name: channelName = 'general', type = 'text', blockedWords = [] } = {}) {
      const made = createChannel(world, { type: channelTypes[type], name: channelName, guild, blockedWords });
      return channelHandle(world, bot, person, made);
    },
    role: (asked) => addRole(world, guild, asked),
    join: (user, { roles = [] } = {}) =>
      void guild.members.set(user.id, { user, roles: roles.map((role) => role.id), joinedAtMs: world.now() }),
    allow(user, permissions = ['administrator']) {
      const role = addRole(world, guild, { name: `for ${user.username}`, permissions });
      joinSilently(world, guild, user).roles.push(role.id);
    },
    kickBot(kicked = bot) {
      guild.members.delete(kicked.user.id);
      world.publish({ name: 'GUILD_DELETE', about: 'guild', guild, onlyFor: kicked, data: () => ({ id }) });
    },
    inviteBot: (invited = bot) => inviteBot(world, guild, invited),
  };
}

function addRole(
  world: World,
  guild: GuildState,
  { name = 'readers', mentionable = true, permissions = [] }: Parameters<Guild['role']>[0] = {},
): RoleState {
  const role = { id: world.nextId(), name, permissions: permissionBits(permissions), mentionable };
  guild.roles.set(role.id, role);
  return role;
}

function inviteBot(world: World, guild: GuildState, bot: BotState) {
  const { user } = bot;
  const id = world.nextId();
  // A bot brings a role of its own name with it, which is not the same as the bot.
  guild.roles.set(id, {
    id,
    name: user.username,
    permissions: defaultPermissions,
    mentionable: false,
    botId: user.id,
  });
  guild.members.set(user.id, { user, roles: [id], joinedAtMs: world.now() });
  world.publish({
    name: 'GUILD_CREATE',
    about: 'guild',
    guild,
    onlyFor: bot,
    data: () => viewGuild(world, guild, bot),
  });
}

function channelHandle(world: World, bot: BotState, person: APIUser, channel: ChannelState): Channel {
  return {
    ...createPlace({ world, channel, bot, person }),
    name: channel.name,
    thread: (name, { messageId, from = person } = {}) =>
      openThread(world, bot, from, { parent: channel, name, messageId }),
    deny(permissions, of = bot) {
      channel.overwrites.set(of.user.id, { allow: 0n, deny: permissionBits(permissions) });
    },
    close: () => removeChannel(world, channel),
  };
}

function openThread(
  world: World,
  bot: BotState,
  person: APIUser,
  { parent, name, messageId }: { parent: ChannelState; name: string; messageId: string | undefined },
): Thread {
  const thread = createChannel(world, {
    ...(messageId !== undefined && { id: messageId }),
    type: threadTypes.public,
    name,
    guild: parent.guild,
    parent,
    ownerId: person.id,
  });
  const beginning = liveMessage(parent, messageId ?? '');
  if (beginning !== undefined) {
    beginning.thread = thread;
    beginning.flags |= messageFlags.hasThread;
    tellOfUpdate(world, beginning);
  }
  return {
    ...createPlace({ world, channel: thread, bot, person }),
    name,
    archive: ({ locked = false } = {}) => setThreadState(world, thread, { archived: true, locked }),
    lock: () => setThreadState(world, thread, { locked: true }),
    reopen: () => setThreadState(world, thread, { archived: false, locked: false }),
    close: () => removeChannel(world, thread),
  };
}

export function createDmHandle(world: World, bot: BotState, person: APIUser): Dm {
  const channel = createDm(world, bot, person);
  return {
    ...createPlace({ world, channel, bot, person }),
    person,
    open(yes) {
      if (yes) world.closedToDms.delete(person.id);
      else world.closedToDms.add(person.id);
    },
  };
}

import type { APIUser } from 'discord.js';
import { viewChannel } from './views/channel.ts';
import { type BotState, type ChannelState, channelTypes, type GuildState, type World } from './world.ts';

interface NewChannel {
  readonly id?: string;
  readonly type: number;
  readonly name: string;
  readonly guild?: GuildState | undefined;
  /** Makes it a thread. */
  readonly parent?: ChannelState;
  readonly ownerId?: string;
  readonly autoArchiveMinutes?: number;
  readonly recipients?: readonly APIUser[];
  readonly blockedWords?: readonly string[];
}

/** Adds a channel to the world and tells the bots that can see it. */
export function createChannel(world: World, added: NewChannel): ChannelState {
  const { type, name, guild, parent, recipients = [], blockedWords = [] } = added;
  const channel: ChannelState = {
    id: added.id ?? world.nextId(),
    type,
    name,
    guild,
    parent,
    thread:
      parent === undefined
        ? undefined
        : {
            ownerId: added.ownerId ?? '',
            autoArchiveMinutes: added.autoArchiveMinutes ?? 1440,
            archived: false,
            locked: false,
            archiveChangedAtMs: world.now(),
          },
    recipients: new Map(recipients.map((user) => [user.id, user])),
    overwrites: new Map(),
    blockedWords,
    messages: new Map(),
    typing: [],
  };
  world.channels.set(channel.id, channel);
  tellOfChannel(world, channel, 'CREATE');
  return channel;
}

/** The DM of a bot and a person: there is only one. */
export function createDm(world: World, bot: BotState, person: APIUser): ChannelState {
  const known = [...world.channels.values()].find(
    ({ recipients }) => recipients.has(bot.user.id) && recipients.has(person.id),
  );
  return known ?? createChannel(world, { type: channelTypes.dm, name: '', recipients: [bot.user, person] });
}

export function removeChannel(world: World, channel: ChannelState): void {
  world.channels.delete(channel.id);
  tellOfChannel(world, channel, 'DELETE');
}

// Bots are not told of a DM before its first message.
function tellOfChannel(world: World, channel: ChannelState, what: 'CREATE' | 'DELETE') {
  if (channel.guild === undefined) return;
  const isThread = channel.thread !== undefined;
  const isNew = isThread && what === 'CREATE' && { newly_created: true };
  world.publish({
    name: `${isThread ? 'THREAD' : 'CHANNEL'}_${what}`,
    about: 'guild',
    channel,
    data: (bot) => ({ ...viewChannel(channel, bot), ...isNew }),
  });
}

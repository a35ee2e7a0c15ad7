import type { APIMessage } from 'discord.js';
import {
  type BotState,
  type InteractionState,
  isDm,
  liveMessage,
  type StoredMessage,
  type World,
} from '../world.ts';
import { viewChannel } from './channel.ts';
import { isoTime, viewMember, viewMentioned } from './user.ts';

export const messageTypes = {
  plain: 0,
  threadCreated: 18,
  reply: 19,
  command: 20,
  threadStarter: 21,
} as const;
export const messageFlags = {
  suppressEmbeds: 1 << 2,
  hasThread: 1 << 5,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  componentsV2: 1 << 15,
} as const;

/** A message as REST tells it to a bot. Without the content intent the words of others are left out. */
export function viewMessage(
  world: World,
  stored: StoredMessage,
  bot: BotState,
  readsContent = bot.privilegedIntents.includes('messageContent'),
): APIMessage {
  const { channel, reference, type } = stored;
  const referenced = type === messageTypes.reply || type === messageTypes.threadStarter;
  return {
    ...bare(world, stored, bot, readsContent),
    ...(reference && { message_reference: reference }),
    ...(referenced && { referenced_message: referencedMessage(world, stored, bot, readsContent) }),
    ...(stored.thread && { thread: viewChannel(stored.thread, bot) }),
    ...(channel.thread && { position: [...channel.messages.keys()].indexOf(stored.id) }),
    // The wire's shapes are looser than the published types: an own thread's channel, a user's member.
  } as APIMessage;
}

/** The same with what only the gateway adds. */
export function viewMessageEvent(
  world: World,
  stored: StoredMessage,
  bot: BotState,
  options: { readonly readsContent: boolean; readonly channelType: boolean },
) {
  const { channel, author } = stored;
  const member = channel.guild?.members.get(author.id);
  const message = viewMessage(world, stored, bot, options.readsContent);
  return {
    ...message,
    mentions: message.mentions.map((user) => viewMentioned(user, channel.guild)),
    ...(options.channelType && { channel_type: channel.type }),
    ...(channel.guild && { guild_id: channel.guild.id }),
    ...(member && { member: viewMember(member) }),
  };
}

function bare(world: World, stored: StoredMessage, bot: BotState, readsContent: boolean) {
  const { channel, author, interaction, pings } = stored;
  const readable = readsContent || mayRead(stored, bot);
  const mentioned = pings.users.flatMap((id) => world.users.get(id) ?? []);
  return {
    id: stored.id,
    type: stored.type,
    channel_id: channel.id,
    author,
    content: readable ? stored.content : '',
    embeds: readable && (stored.flags & messageFlags.suppressEmbeds) === 0 ? stored.embeds : [],
    components: readable ? stored.components : [],
    attachments: readable ? stored.attachments : [],
    mentions: mentioned,
    mention_roles: pings.roles,
    mention_everyone: pings.everyone,
    timestamp: isoTime(stored.createdAtMs),
    edited_timestamp: stored.editedAtMs === undefined ? null : isoTime(stored.editedAtMs),
    flags: stored.flags,
    pinned: false,
    tts: false,
    ...(stored.nonce !== undefined && author.id === bot.user.id && { nonce: stored.nonce }),
    ...(interaction && interactionFields(stored, interaction)),
  };
}

// What the bot wrote itself, what is in a DM with it, and what mentions it.
function mayRead({ author, channel, pings }: StoredMessage, bot: BotState): boolean {
  return author.id === bot.user.id || isDm(channel) || pings.users.includes(bot.user.id);
}

function interactionFields(stored: StoredMessage, interaction: InteractionState) {
  const { id, user, command } = interaction;
  return {
    webhook_id: stored.author.id,
    application_id: stored.author.id,
    interaction_metadata: {
      id,
      type: command === undefined ? 3 : 2,
      user,
      authorizing_integration_owners: { 0: stored.channel.guild?.id ?? '0' },
      ...(command && { name: command.name }),
      ...(stored !== interaction.original &&
        interaction.original && { original_response_message_id: interaction.original.id }),
    },
  };
}

function referencedMessage(world: World, stored: StoredMessage, bot: BotState, readsContent: boolean) {
  const { channel, reference } = stored;
  const place = world.channels.get(reference?.channel_id ?? '') ?? channel;
  const found = liveMessage(place, reference?.message_id ?? '');
  // A message inside another one carries no further message.
  return found === undefined ? null : bare(world, found, bot, readsContent);
}

import type { APIApplicationCommand, APIEmbed, APIUser } from 'discord.js';
import { storeAttachment } from './attachments.ts';
import { buttonsOf, type ShownButton } from './buttons.ts';
import { defaultMentions } from './forms/allowed-mentions.ts';
import { startInteraction } from './interactions.ts';
import { addMessage, changeMessage, removeMessage, reopen, tellOfUpdate } from './messages.ts';
import { permissionBits, permissionsIn } from './permissions.ts';
import { viewMember } from './views/user.ts';
import {
  type BotState,
  botOf,
  type ChannelState,
  type GuildState,
  type InteractionState,
  isDm,
  liveMessage,
  type MemberState,
  type StoredMessage,
  type World,
} from './world.ts';

interface SayOptions {
  /** Who speaks; without it the place's first person. */
  readonly from?: APIUser;
  /** The message, by its id, that is answered. */
  readonly replyTo?: string;
  /** Whether the answered one is called; so by default, as in the app. */
  readonly ping?: boolean;
  readonly attachments?: readonly {
    readonly name: string;
    readonly contentType?: string;
    readonly content?: string | Buffer;
  }[];
}

interface RunOptions {
  readonly from?: APIUser;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

/** Somebody's use of a command or a button. */
interface Use {
  readonly id: string;
  readonly token: string;
  /** How the bot has answered it first: when, and with which type of callback. */
  answered(): InteractionState['answered'];
}

/** A place where people write: a channel, a thread or a DM. */
export interface Place {
  readonly id: string;
  say(text: string, options?: SayOptions): StoredMessage;
  edit(messageId: string, text: string): void;
  /** Discord adds to a message what its links lead to, which is no edit. */
  unfurl(messageId: string): void;
  /** Deletes a message, whosesoever it is. */
  remove(messageId: string): void;
  /** Lets others see that somebody types. */
  type(from?: APIUser): void;
  /** Uses a slash command of the bot; it must be registered and allowed here. */
  run(command: string, options?: RunOptions): Use;
  /** Presses the button of a bot's message that has this custom id. */
  press(messageId: string, customId: string, options?: { readonly from?: APIUser }): Use;
  /** The buttons that a message shows now, row by row. */
  buttons(messageId: string): ShownButton[];
  /** The same place for somebody else, who joins its guild silently if need be. */
  as(person: APIUser): Place;
}

export interface PlaceOptions {
  readonly world: World;
  readonly channel: ChannelState;
  readonly bot: BotState;
  readonly person: APIUser;
}

export function createPlace({ world, channel, bot, person }: PlaceOptions): Place {
  const there = (messageId: string) => {
    const stored = liveMessage(channel, messageId);
    if (stored === undefined) throw new Error(`there is no message ${messageId} in channel ${channel.id}`);
    return stored;
  };
  return {
    id: channel.id,
    say: (text, options = {}) => say(world, channel, text, { from: person, ...options }),
    edit: (messageId, text) => changeMessage(world, there(messageId), { content: text.trim() }),
    unfurl(messageId) {
      const stored = there(messageId);
      stored.embeds = [{ type: 'link', title: 'Example Domain', url: 'https://example.com' } as APIEmbed];
      tellOfUpdate(world, stored);
    },
    remove: (messageId) => removeMessage(world, there(messageId)),
    type: (from = person) => tellOfTyping(world, channel, from),
    run(name, { from = person, options = {} } = {}) {
      if (channel.guild !== undefined) joinSilently(world, channel.guild, from);
      const command = findCommand(bot, channel, { name, user: from });
      const given = Object.entries(options).map(([option, value]) => ({
        name: option,
        type: typeof value === 'string' ? 3 : typeof value === 'boolean' ? 5 : 10,
        value,
      }));
      const data = { id: command.id, name, type: 1, ...(given.length > 0 && { options: given }) };
      return use(startInteraction(world, { bot, channel, user: from, command, data }));
    },
    press(messageId, customId, { from = person } = {}) {
      const source = there(messageId);
      const owner = botOf(world, source.author.id);
      const button = buttonsOf(source).find((one) => one.customId === customId && !one.disabled);
      const isSeen = source.visibleTo === undefined || source.visibleTo === from.id;
      if (owner === undefined || button === undefined || !isSeen) {
        throw new Error(`message ${messageId} has no button with the custom id ${customId}`);
      }
      if (channel.guild !== undefined) joinSilently(world, channel.guild, from);
      const data = { component_type: 2, custom_id: customId, id: button.id };
      return use(startInteraction(world, { bot: owner, channel, user: from, source, data }));
    },
    buttons: (messageId) => buttonsOf(there(messageId)),
    as(other) {
      if (channel.guild !== undefined) joinSilently(world, channel.guild, other);
      return createPlace({ world, channel, bot, person: other });
    },
  };
}

/** A member as the guild knows it; whoever is not one becomes one without a word. */
export function joinSilently(world: World, guild: GuildState, user: APIUser): MemberState {
  const known = guild.members.get(user.id);
  if (known !== undefined) return known;
  const member = { user, roles: [], joinedAtMs: world.now() };
  guild.members.set(user.id, member);
  return member;
}

const use = (interaction: InteractionState): Use => ({
  id: interaction.id,
  token: interaction.token,
  answered: () => interaction.answered,
});

function say(
  world: World,
  channel: ChannelState,
  text: string,
  { from, replyTo, ping = true, attachments = [] }: SayOptions & { readonly from: APIUser },
): StoredMessage {
  const { guild } = channel;
  if (guild !== undefined) joinSilently(world, guild, from);
  reopen(world, channel);
  const reference = replyTo === undefined ? undefined : referenceTo(channel, replyTo);
  return addMessage(world, channel, {
    author: from,
    content: text.trim(),
    reference,
    allowed: { ...defaultMentions, repliedUser: ping },
    attachments: attachments.map(({ name, contentType = 'text/plain', content = 'an attachment' }) =>
      storeAttachment(world, channel.id, { name, contentType, bytes: Buffer.from(content) }),
    ),
  });
}

const referenceTo = (channel: ChannelState, messageId: string) => ({
  type: 0,
  message_id: messageId,
  channel_id: channel.id,
  ...(channel.guild && { guild_id: channel.guild.id }),
});

function findCommand(
  bot: BotState,
  channel: ChannelState,
  { name, user }: { name: string; user: APIUser },
): APIApplicationCommand {
  const context = isDm(channel) ? 1 : 0;
  const found = [...bot.commands.values()].find((command) => command.type === 1 && command.name === name);
  if (found === undefined) throw new Error(`the bot has no command /${name}`);
  if (found.contexts?.includes(context) === false) {
    throw new Error(`the command /${name} is not for ${isDm(channel) ? 'DMs' : 'guilds'}`);
  }
  const needed = channel.guild && found.default_member_permissions;
  if (needed && !mayUse(permissionsIn(channel, user.id), BigInt(needed))) {
    throw new Error(`${user.username} may not use the command /${name}`);
  }
  return found;
}

// With none at all named, a command is for administrators.
const mayUse = (permissions: bigint, needed: bigint) =>
  (permissions & permissionBits(['administrator'])) !== 0n ||
  (needed !== 0n && (permissions & needed) === needed);

function tellOfTyping(world: World, channel: ChannelState, from: APIUser) {
  const member = channel.guild?.members.get(from.id);
  world.publish({
    name: 'TYPING_START',
    about: 'typing',
    channel,
    data: () => ({
      channel_id: channel.id,
      user_id: from.id,
      timestamp: Math.floor(world.now() / 1000),
      ...(channel.guild && { guild_id: channel.guild.id }),
      ...(member && { member: { ...viewMember(member), user: from } }),
    }),
  });
}

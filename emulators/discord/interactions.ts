import type { APIUser } from 'discord.js';
import { permissionsIn } from './permissions.ts';
import { viewChannel } from './views/channel.ts';
import { viewMessage } from './views/message.ts';
import { viewMember } from './views/user.ts';
import {
  type BotState,
  type ChannelState,
  type InteractionState,
  isDm,
  type StoredMessage,
  type World,
} from './world.ts';

interface NewInteraction {
  readonly bot: BotState;
  readonly channel: ChannelState;
  readonly user: APIUser;
  readonly command?: InteractionState['command'];
  readonly source?: StoredMessage;
  /** What the interaction is about, as the gateway tells it. */
  readonly data: unknown;
}

/** Hands an interaction to its bot, which has 3 seconds to answer it. */
export function startInteraction(world: World, started: NewInteraction): InteractionState {
  const { bot, channel, user, command, source, data } = started;
  const id = world.nextId();
  const secret = `interaction:${id}:${bot.user.id}${id}`;
  const interaction: InteractionState = {
    id,
    token: Buffer.from(secret).toString('base64url'),
    bot,
    channel,
    user,
    createdAtMs: world.now(),
    command,
    source,
    answered: undefined,
    original: undefined,
    followUps: [],
  };
  world.interactions.set(interaction.token, interaction);
  world.publish({
    name: 'INTERACTION_CREATE',
    about: 'interaction',
    channel,
    onlyFor: bot,
    data: () => viewInteraction(world, interaction, data),
  });
  return interaction;
}

function viewInteraction(world: World, interaction: InteractionState, data: unknown) {
  const { id, token, bot, channel, user, command, source } = interaction;
  return {
    id,
    application_id: bot.user.id,
    type: command === undefined ? 3 : 2,
    token,
    version: 1,
    channel_id: channel.id,
    channel: { ...viewChannel(channel, bot), permissions: String(permissionsIn(channel, user.id)) },
    ...whoAndWhere(interaction),
    locale: world.locales.get(user.id) ?? 'en-US',
    app_permissions: String(permissionsIn(channel, bot.user.id)),
    entitlements: [],
    authorizing_integration_owners: { 0: channel.guild?.id ?? '0' },
    context: isDm(channel) ? 1 : 0,
    attachment_size_limit: 10 * 1024 * 1024,
    data,
    ...(source && { message: viewMessage(world, source, bot) }),
  };
}

function whoAndWhere({ channel, user }: InteractionState) {
  const { guild } = channel;
  const member = guild?.members.get(user.id);
  if (guild === undefined || member === undefined) return { user };
  return {
    guild_id: guild.id,
    guild: { id: guild.id, locale: 'en-US', features: [] },
    guild_locale: 'en-US',
    member: { ...viewMember(member), user, permissions: String(permissionsIn(channel, user.id)) },
  };
}

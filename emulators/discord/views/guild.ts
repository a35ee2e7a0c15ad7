import { type BotState, type GuildState, isThread, type RoleState, type World } from '../world.ts';
import { viewChannel } from './channel.ts';
import { isoTime, viewMember } from './user.ts';

/** What GUILD_CREATE tells. */
export function viewGuild(world: World, guild: GuildState, bot: BotState) {
  const channels = [...world.channels.values()].filter((channel) => channel.guild === guild);
  const threads = channels.filter((channel) => isThread(channel) && channel.thread?.archived === false);
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    splash: null,
    banner: null,
    description: null,
    owner_id: guild.ownerId,
    preferred_locale: 'en-US',
    features: [],
    roles: [...guild.roles.values()].map(viewRole),
    emojis: [],
    stickers: [],
    members: [...guild.members.values()].map((member) => ({ ...viewMember(member), user: member.user })),
    channels: channels.filter((channel) => !isThread(channel)).map((channel) => viewChannel(channel, bot)),
    threads: threads.map((channel) => viewChannel(channel, bot)),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    joined_at: isoTime(guild.members.get(bot.user.id)?.joinedAtMs ?? 0),
    member_count: guild.members.size,
    max_members: 500_000,
    large: false,
    unavailable: false,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    afk_channel_id: null,
    afk_timeout: 300,
    application_id: null,
    vanity_url_code: null,
    premium_progress_bar_enabled: false,
  };
}

function viewRole({ id, name, permissions, mentionable, botId }: RoleState, position: number) {
  return {
    id,
    name,
    permissions: String(permissions),
    mentionable,
    position,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: botId !== undefined,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(botId !== undefined && { tags: { bot_id: botId } }),
  };
}

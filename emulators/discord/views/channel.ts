import { type BotState, type ChannelState, channelTypes } from '../world.ts';
import { isoTime } from './user.ts';

/** A channel as REST and the gateway tell of it. */
export function viewChannel(channel: ChannelState, bot: BotState) {
  if (channel.thread !== undefined) return viewThread(channel, bot);
  if (channel.type === channelTypes.dm) {
    const others = [...channel.recipients.values()].filter(({ id }) => id !== bot.user.id);
    return { ...base(channel), recipients: others };
  }
  return {
    ...base(channel),
    guild_id: channel.guild?.id,
    name: channel.name,
    position: 0,
    parent_id: null,
    topic: null,
    nsfw: false,
    rate_limit_per_user: 0,
    permission_overwrites: [...channel.overwrites].map(([id, { allow, deny }]) => ({
      id,
      type: id === channel.guild?.id ? 0 : 1,
      allow: String(allow),
      deny: String(deny),
    })),
  };
}

function base({ id, type, messages }: ChannelState) {
  return { id, type, last_message_id: [...messages.keys()].at(-1) ?? null, flags: 0 };
}

function viewThread(channel: ChannelState, bot: BotState) {
  const { thread, guild, parent, name, messages } = channel;
  const count = messages.size;
  return {
    ...base(channel),
    guild_id: guild?.id,
    parent_id: parent?.id,
    name,
    owner_id: thread?.ownerId,
    message_count: count,
    total_message_sent: count,
    member_count: 2,
    rate_limit_per_user: 0,
    thread_metadata: {
      archived: thread?.archived ?? false,
      locked: thread?.locked ?? false,
      auto_archive_duration: thread?.autoArchiveMinutes ?? 1440,
      archive_timestamp: isoTime(thread?.archiveChangedAtMs ?? 0),
    },
    ...(thread?.ownerId === bot.user.id && {
      member: {
        id: channel.id,
        user_id: bot.user.id,
        join_timestamp: isoTime(thread.archiveChangedAtMs),
        flags: 1,
      },
    }),
  };
}

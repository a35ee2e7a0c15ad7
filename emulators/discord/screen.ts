import type { APIAttachment, APIEmbed, APIMessageTopLevelComponent } from 'discord.js';
import type { RecordedPing } from './recorded-call.ts';
import { messageFlags, messageTypes } from './views/message.ts';
import {
  botOf,
  type ChannelState,
  type Pings,
  type StoredMessage,
  type World,
  type WriteRecord,
} from './world.ts';

/** A bot's message as a reader sees it now, and how it came to look so. */
interface ShownMessage {
  readonly id: string;
  readonly authorId: string;
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly attachments: readonly APIAttachment[];
  /** The attachments as a reader can open them. */
  readonly files: readonly ShownFile[];
  readonly flags: number;
  /** Shows as "thinking", until the bot writes something. */
  readonly loading: boolean;
  /** The only person who sees it. */
  readonly visibleTo: string | undefined;
  readonly replyTo: string | undefined;
  /** What it answers, when that is a command or a button. */
  readonly interactionId: string | undefined;
  readonly pings: Pings;
  readonly history: readonly WriteRecord[];
  readonly deleted: boolean;
}

interface ShownFile {
  readonly name: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly bytes: Buffer;
  /** The bytes read as UTF-8. */
  readonly content: string;
}

/** What a channel's people have on their screens. */
export interface Screen {
  shown(channelId: string): ShownMessage[];
  typing(channelId: string): ChannelState['typing'];
  /** Every write of a bot that has called somebody, in one channel or in all. */
  pings(channelId?: string): RecordedPing[];
}

export function createScreen(world: World): Screen {
  const isByBot = ({ author, type }: StoredMessage) =>
    botOf(world, author.id) !== undefined &&
    type !== messageTypes.threadStarter &&
    type !== messageTypes.threadCreated;
  const messagesOf = (channel: ChannelState | undefined) =>
    [...(channel?.messages.values() ?? [])].filter(isByBot);
  return {
    shown: (channelId) => messagesOf(world.channels.get(channelId)).map((stored) => show(world, stored)),
    typing: (channelId) => [...(world.channels.get(channelId)?.typing ?? [])],
    pings: (channelId) =>
      [...world.channels.values()]
        .filter(({ id }) => id === (channelId ?? id))
        .flatMap((channel) => messagesOf(channel).flatMap(pingsOf)),
  };
}

function show(world: World, stored: StoredMessage): ShownMessage {
  const { id, author, content, components, attachments, flags, visibleTo, pings, history, deleted } = stored;
  return {
    id,
    authorId: author.id,
    content,
    embeds: (flags & messageFlags.suppressEmbeds) === 0 ? stored.embeds : [],
    components,
    attachments,
    files: attachments.map((attachment) => showFile(world, attachment)),
    flags,
    loading: (flags & messageFlags.loading) !== 0,
    visibleTo,
    replyTo: stored.type === messageTypes.reply ? stored.reference?.message_id : undefined,
    interactionId: stored.interaction?.id,
    pings,
    history: [...history],
    deleted,
  };
}

function showFile({ files }: World, { id, filename, size, content_type = '' }: APIAttachment): ShownFile {
  const bytes = files.get(id)?.bytes ?? Buffer.alloc(0);
  return {
    name: filename,
    contentType: content_type,
    sizeBytes: size,
    bytes,
    content: bytes.toString('utf8'),
  };
}

function pingsOf({ id, channel, history }: StoredMessage): RecordedPing[] {
  return history.flatMap(({ at, content, pings }, index) => {
    if (!pings.everyone && pings.users.length === 0 && pings.roles.length === 0) return [];
    const write = index === 0 ? ('create' as const) : ('edit' as const);
    return [{ ...pings, at, content, channelId: channel.id, messageId: id, write }];
  });
}

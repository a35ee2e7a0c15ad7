import type { APIAttachment, APIMessageReference, APIUser } from 'discord.js';
import type { AllowedMentions } from './forms/allowed-mentions.ts';
import type { MessageForm } from './forms/message.ts';
import { findPings } from './mentions.ts';
import { viewChannel } from './views/channel.ts';
import { messageFlags, messageTypes, viewMessageEvent } from './views/message.ts';
import {
  type ChannelState,
  type InteractionState,
  liveMessage,
  type StoredMessage,
  type World,
} from './world.ts';

interface NewMessage {
  readonly author: APIUser;
  readonly type?: number;
  readonly content?: string | undefined;
  readonly embeds?: MessageForm['embeds'];
  readonly components?: MessageForm['components'];
  readonly attachments?: readonly APIAttachment[];
  readonly flags?: number;
  readonly allowed?: AllowedMentions;
  readonly nonce?: MessageForm['nonce'];
  readonly reference?: APIMessageReference | undefined;
  readonly interaction?: InteractionState;
  readonly visibleTo?: string | undefined;
}

/** Puts a message into a channel and tells the gateway. */
export function addMessage(world: World, channel: ChannelState, added: NewMessage): StoredMessage {
  const { author, content = '', reference, visibleTo } = added;
  const stored: StoredMessage = {
    id: world.nextId(),
    channel,
    author,
    type: added.type ?? (reference === undefined ? messageTypes.plain : messageTypes.reply),
    createdAtMs: world.now(),
    nonce: added.nonce,
    reference,
    interaction: added.interaction,
    visibleTo,
    history: [],
    content,
    embeds: added.embeds ?? [],
    components: added.components ?? [],
    attachments: added.attachments ?? [],
    flags: added.flags ?? 0,
    pings: { everyone: false, users: [], roles: [] },
    editedAtMs: undefined,
    thread: undefined,
    deleted: false,
  };
  callPeople(world, stored, added.allowed);
  channel.messages.set(stored.id, stored);
  tell(world, 'MESSAGE_CREATE', stored);
  return stored;
}

/** What an edit puts in place of what was there; the rest stays. */
export interface Change {
  readonly content?: string | undefined;
  readonly embeds?: MessageForm['embeds'];
  readonly components?: MessageForm['components'];
  readonly attachments?: readonly APIAttachment[] | undefined;
  readonly flags?: number;
  readonly allowed?: AllowedMentions;
}

export function changeMessage(world: World, stored: StoredMessage, change: Change): void {
  stored.content = change.content ?? stored.content;
  stored.embeds = change.embeds ?? stored.embeds;
  stored.components = change.components ?? stored.components;
  stored.attachments = change.attachments ?? stored.attachments;
  stored.flags = change.flags ?? stored.flags;
  stored.editedAtMs = world.now();
  callPeople(world, stored, change.allowed);
  tell(world, 'MESSAGE_UPDATE', stored);
}

// Every write is read for mentions anew, with what it allows; without allowed_mentions it allows all.
function callPeople(world: World, stored: StoredMessage, allowed: AllowedMentions | undefined) {
  const { channel, author, content, reference } = stored;
  const answered = liveMessage(channel, reference?.message_id ?? '')?.author.id;
  const repliedTo = stored.type === messageTypes.reply ? answered : undefined;
  stored.pings = findPings({ channel, authorId: author.id, content, repliedTo, allowed });
  stored.history.push({ at: world.now(), content, pings: stored.pings });
}

export function removeMessage(world: World, stored: StoredMessage): void {
  stored.deleted = true;
  if (stored.visibleTo !== undefined) return;
  const { id, channel } = stored;
  world.publish({
    name: 'MESSAGE_DELETE',
    about: 'message',
    channel,
    data: () => ({ id, channel_id: channel.id, ...(channel.guild && { guild_id: channel.guild.id }) }),
  });
}

/** Tells of a message that has changed in a way that is no edit. */
export const tellOfUpdate = (world: World, stored: StoredMessage) => tell(world, 'MESSAGE_UPDATE', stored);

function tell(world: World, name: string, stored: StoredMessage) {
  if (stored.visibleTo !== undefined) return;
  world.publish({
    name,
    about: 'message',
    channel: stored.channel,
    data: (bot, readsContent) =>
      viewMessageEvent(world, stored, bot, { readsContent, channelType: world.tellsChannelType }),
  });
}

/** Whether there is nothing to show, but for files. */
export const isEmpty = ({ content, embeds, components }: Pick<Change, 'content' | 'embeds' | 'components'>) =>
  (content ?? '') === '' && !embeds?.length && !components?.length;

export const isLoading = ({ flags }: StoredMessage) => (flags & messageFlags.loading) !== 0;

/** A message in a thread that was archived brings it back. */
export function reopen(world: World, channel: ChannelState): void {
  if (channel.thread?.archived === true) setThreadState(world, channel, { archived: false });
}

export function setThreadState(
  world: World,
  channel: ChannelState,
  change: { readonly archived?: boolean; readonly locked?: boolean },
): void {
  if (channel.thread === undefined) throw new Error(`channel ${channel.id} is not a thread`);
  Object.assign(channel.thread, change, { archiveChangedAtMs: world.now() });
  world.publish({ name: 'THREAD_UPDATE', about: 'guild', channel, data: (bot) => viewChannel(channel, bot) });
}

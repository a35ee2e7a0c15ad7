import { readWish } from '../../src/core/buttons.ts';
import type { Attachment, InboundMessage } from '../../src/core/message.ts';
import { readText } from './mention.ts';
import type { DiscordCommand, DiscordMessage, DiscordPress } from './payload.ts';
import { actorOf, nameOf } from './person.ts';
import { madeAt } from './snowflake.ts';
import { writeTicket } from './ticket.ts';

/** What a payload does not tell of the place that it comes from. */
export interface Place {
  /** The bot's own user id. */
  readonly me: string;
  readonly isThread: boolean;
  /** A thread in which the bot talks and may read everything: there one need not mention it. */
  readonly isOurs: boolean;
  readonly locale?: string | undefined;
}

/** What a person wrote. Neither bots (two could talk to each other for ever) nor webhooks are persons. */
export function toInbound(message: DiscordMessage, place: Place): InboundMessage | undefined {
  const { id, channel_id, author, member, webhook_id } = message;
  const { me, locale } = place;
  if (author.bot || author.system || author.id === me || webhook_id !== undefined) return undefined;
  const isDirect = message.guild_id === undefined;
  return {
    id: `discord:${me}:${channel_id}:${id}`,
    author: { id: author.id, name: nameOf(author, member), ...(locale && { locale }) },
    text: readText(message, me),
    attachments: attachmentsOf(message),
    addressed: isDirect ? 'direct' : isToUs(message, place) ? 'mention' : 'overheard',
    target: {
      ...targetIn(channel_id, place),
      ...(!isDirect && { replyTo: id }),
    },
    sentAt: madeAt(id),
    ...(isNearlyFull(message.content.length) && { isCut: true }),
  };
}

/** How old an edit may be when it is told of: a session that is resumed brings late what it has missed. */
const editToldWithinMs = 5 * 60_000;

/** The newer text of a message. Undefined for other changes: a link that is unfurled, or a pin, is no new edit. */
export function editToInbound(
  message: DiscordMessage,
  place: Place,
  now: number,
): InboundMessage | undefined {
  const editedAt = Date.parse(message.edited_timestamp ?? '');
  const original = toInbound(message, place);
  if (!original || message.content === '' || !(now - editedAt < editToldWithinMs)) return undefined;
  const { id, sentAt } = original;
  return { ...original, id: `${id}@${editedAt}`, sentAt: editedAt, edits: { id, sentAt } };
}

/**
 * Nearly as long as a message may be: Discord's app offers to send what is longer in pieces. With Nitro it may have
 * 4,000 characters; what is much longer than 2,000 was written with that.
 */
const isNearlyFull = (length: number): boolean => (length >= 1_900 && length <= 2_000) || length >= 3_800;

/** A thread is a channel of its own at Discord, with limits of its own; being one makes its conversation common. */
function targetIn(channel: string, { me, isThread }: Pick<Place, 'me' | 'isThread'>) {
  return { platform: 'discord', bot: me, channel, ...(isThread && { thread: channel }) };
}

/** By its name or as a reply; not as one of a role, nor of everyone. */
function isToUs(message: DiscordMessage, { me, isOurs }: Place): boolean {
  const { mentions, content, mention_roles, mention_everyone } = message;
  const repliedTo = message.referenced_message?.author.id;
  // A reply names whom it answers here too, though not in its text.
  const isNamed = mentions ? mentions.some(({ id }) => id === me) : new RegExp(`<@!?${me}>`).test(content);
  if (isNamed || repliedTo === me) return true;
  const isToOthers = repliedTo !== undefined || mention_everyone || mention_roles.length > 0;
  return isOurs && !isToOthers && (mentions ?? []).length === 0;
}

function attachmentsOf(message: DiscordMessage): Attachment[] {
  const { attachments, sticker_items, message_snapshots, poll } = message;
  // Polls, and messages that were forwarded.
  const others = message_snapshots.length + (poll ? 1 : 0);
  return [
    ...attachments.map(({ content_type }) => ({ kind: kindOf(content_type ?? '') })),
    ...sticker_items.map(() => ({ kind: 'sticker' as const })),
    ...Array.from({ length: others }, () => ({ kind: 'other' as const })),
  ];
}

function kindOf(contentType: string): Attachment['kind'] {
  const kind = contentType.split('/')[0];
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}

type Interacting = Pick<Place, 'me' | 'isThread'>;

/** A slash command, as the message that it stands for. */
export function commandToInbound(command: DiscordCommand, place: Interacting): InboundMessage | undefined {
  const { id, application_id, token, channel_id, guild_id, data } = command;
  const author = actorOf(command, place.isThread);
  if (!author) return undefined;
  const isDirect = guild_id === undefined;
  return {
    id: `discord:interaction:${id}`,
    author,
    text: `/${data.name}`,
    attachments: [],
    addressed: isDirect ? 'direct' : 'mention',
    target: {
      ...targetIn(channel_id, place),
      token: writeTicket({ application: application_id, token, ephemeral: !isDirect }),
    },
    sentAt: madeAt(id),
  };
}

/**
 * A pressed button of ours. What comes of it is an answer like any other, to the message with the button: the
 * interaction's own token would die before it. Undefined for the buttons of others.
 */
export function pressToInbound(press: DiscordPress, place: Interacting): InboundMessage | undefined {
  const { id, channel_id, guild_id, message, data } = press;
  const author = actorOf(press, place.isThread);
  const wish = data.custom_id.includes('/') ? readWish(data.custom_id) : undefined;
  if (!author || !wish) return undefined;
  const isDirect = guild_id === undefined;
  // A person asks a suggestion once, however often they press.
  const asked = [place.me, channel_id, message.id, data.custom_id, author.id].join(':');
  return {
    id: `discord:${wish.kind === 'ask' ? asked : `interaction:${id}`}`,
    author,
    text: '',
    attachments: [],
    addressed: isDirect ? 'direct' : 'mention',
    target: { ...targetIn(channel_id, place), ...(!isDirect && { replyTo: message.id }) },
    sentAt: madeAt(id),
    pressed: data.custom_id,
  };
}

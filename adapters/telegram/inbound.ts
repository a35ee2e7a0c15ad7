import type { Attachment, Author, InboundMessage, ReplyTarget } from '../../src/core/message.ts';
import { type Mentioned, readMentions } from './mention.ts';
import { editOf, type Me, messageOf, type TelegramMessage, type TelegramUser } from './update.ts';

/** A text of that many UTF-16 units may have been cut by its writer's app: 95 % of Telegram's 4,096. */
const cutFrom = 3_892;

/** What a person wrote, or wrote anew, if that is what the update brings. */
export function toInbound(update: unknown, me: Me): InboundMessage | undefined {
  const message = messageOf(update);
  if (message) return fromMessage(message, me);
  const edit = editOf(update);
  const edited = edit && fromMessage(edit, me);
  if (!edited) return undefined;
  // Nothing follows an edit.
  const { album: _, isCut: __, ...written } = edited;
  const { id, sentAt } = edited;
  return { ...written, id: `${id}@${edit.edit_date}`, sentAt: edit.edit_date * 1_000, edits: { id, sentAt } };
}

function fromMessage(message: TelegramMessage, me: Me): InboundMessage | undefined {
  const author = authorOf(message);
  if (!author || message.is_automatic_forward || message.via_bot?.id === me.id) return undefined;
  const attachments = attachmentsOf(message);
  const said = message.text ?? message.caption;
  // What is left are joins, pins and the like.
  if (said === undefined && attachments.length === 0) return undefined;
  const entities = message.text === undefined ? message.caption_entities : message.entities;
  const mentioned = readMentions(said ?? '', entities, me);
  const { chat, message_id, media_group_id } = message;
  const bot = String(me.id);
  return {
    id: `telegram:${bot}:${chat.id}:${message_id}`,
    author,
    text: mentioned.text,
    attachments,
    addressed: addressedIn(message, mentioned, me),
    target: targetOf(message, bot),
    sentAt: message.date * 1_000,
    ...(media_group_id !== undefined && { album: `${chat.id}:${media_group_id}` }),
    ...((message.text?.length ?? 0) >= cutFrom && { isCut: true }),
  };
}

type Spot = Pick<TelegramMessage, 'chat' | 'message_id' | 'message_thread_id' | 'is_topic_message'>;

/** Where what is said to a message is answered. */
export function targetOf(
  { chat, message_id, message_thread_id, is_topic_message }: Spot,
  bot: string,
): ReplyTarget {
  return {
    platform: 'telegram',
    bot,
    channel: String(chat.id),
    // In a group without topics the thread id only names a chain of replies.
    ...(is_topic_message && message_thread_id !== undefined && { thread: String(message_thread_id) }),
    ...(chat.type !== 'private' && { replyTo: String(message_id) }),
    after: String(message_id),
  };
}

/** A person, or the group or channel in whose name somebody writes. No bot: two could talk to each other for ever. */
function authorOf({ from, sender_chat }: TelegramMessage): Author | undefined {
  // `from` is a made-up bot then.
  if (sender_chat) return { id: String(sender_chat.id), name: sender_chat.title ?? '' };
  return !from || from.is_bot ? undefined : personOf(from);
}

/** A person as they are known on every platform. */
export function personOf(user: TelegramUser): Author {
  return {
    id: String(user.id),
    name: nameOf(user),
    ...(user.language_code && { locale: user.language_code }),
  };
}

function nameOf({ first_name, last_name, username }: TelegramUser): string {
  return [first_name, last_name].filter(Boolean).join(' ') || (username ?? '');
}

function addressedIn(
  message: TelegramMessage,
  { isUs, isOther }: Mentioned,
  me: Me,
): InboundMessage['addressed'] {
  if (message.chat.type === 'private') return 'direct';
  if (isUs) return 'mention';
  return isReplyTo(message, me) && !isOther ? 'mention' : 'overheard';
}

function isReplyTo({ reply_to_message: original }: TelegramMessage, me: Me): boolean {
  // Every message of a topic "replies" to the one that opened it, which may be ours.
  return original?.from?.id === me.id && !('forum_topic_created' in original);
}

/** In this order: Telegram adds a photo to a live photo, a document to an animation and a location to a venue. */
const kinds: readonly (readonly [key: string, kind: Attachment['kind']])[] = [
  ['photo', 'image'],
  ['live_photo', 'image'],
  ['voice', 'audio'],
  ['audio', 'audio'],
  ['animation', 'video'],
  ['video', 'video'],
  ['video_note', 'video'],
  ['document', 'file'],
  ['sticker', 'sticker'],
  ...['checklist', 'contact', 'dice', 'game', 'location', 'paid_media', 'poll', 'rich_message', 'story'].map(
    (key) => [key, 'other'] as const,
  ),
];

function attachmentsOf(message: TelegramMessage): Attachment[] {
  const found = kinds.find(([key]) => message[key] !== undefined);
  return found ? [{ kind: found[1] }] : [];
}

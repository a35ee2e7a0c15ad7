import type { Message, MessageEntity, Update, User } from 'grammy/types';

/** Updates as the Bot API writes them. */

export const me = { id: 7_100_000_001, is_bot: true, first_name: 'Coze', username: 'Coze_Test_Bot' };
export const lin: User = {
  id: 510_000_001,
  is_bot: false,
  first_name: 'Lin',
  last_name: 'Wang',
  username: 'linwang',
  language_code: 'zh-hans',
};

const privateChat = { id: lin.id, first_name: 'Lin', last_name: 'Wang', type: 'private' as const };
export const group = { id: -4_900_000_001, title: 'Readers', type: 'group' as const };
export const forum = {
  id: -1_002_100_000_001,
  title: 'Forum',
  type: 'supergroup' as const,
  is_forum: true as const,
};

/** An earlier message of the bot, as a reply shows it. */
export const fromUs = { message_id: 41, from: me, chat: group, date: 1_794_999_990, text: 'Hello' };

/** The update that brings this message. */
export function updateOf(content: Partial<Message>): Update {
  return {
    update_id: 870_000_001,
    message: { message_id: 42, from: lin, chat: privateChat, date: 1_795_000_000, ...content },
  } as Update;
}

/** A text with its mentions and commands marked, as the server marks them. */
export function marked(text: string, ...more: MessageEntity[]): Pick<Message, 'text' | 'entities'> {
  const found = [...text.matchAll(/(?<=^|\s)(@|\/)[\w@]+/g)].map(
    ({ 0: word, 1: sign, index }): MessageEntity => ({
      type: sign === '@' ? 'mention' : 'bot_command',
      offset: index,
      length: word.length,
    }),
  );
  return { text, entities: [...found, ...more] };
}

const file = { file_id: 'BQACAgIAAxkBAAI', file_unique_id: 'AgADBA' };
const size = { ...file, width: 90, height: 60 };

/** What messages carry besides text. */
export const contents: Readonly<Record<string, Partial<Message>>> = {
  photo: { photo: [size, { ...size, width: 800, height: 600 }] },
  voice: { voice: { ...file, duration: 3, mime_type: 'audio/ogg' } },
  audio: { audio: { ...file, duration: 180, title: 'Song' } },
  video: { video: { ...size, duration: 7 } as never },
  videoNote: { video_note: { ...file, length: 240, duration: 5 } },
  animation: {
    animation: { ...size, duration: 2, mime_type: 'video/mp4' } as never,
    document: { ...file, mime_type: 'video/mp4' },
  },
  document: { document: { ...file, file_name: 'report.pdf', mime_type: 'application/pdf' } },
  sticker: {
    sticker: { ...size, type: 'regular', is_animated: false, is_video: false, emoji: '👍' } as never,
  },
  location: { location: { latitude: 31.23, longitude: 121.47 } },
  venue: {
    venue: { location: { latitude: 31.23, longitude: 121.47 }, title: 'Tea house', address: 'Nanjing Road' },
    location: { latitude: 31.23, longitude: 121.47 },
  },
  contact: { contact: { phone_number: '+8613800000000', first_name: 'Mei' } },
  dice: { dice: { emoji: '🎲', value: 6 } },
  poll: { poll: { id: '5', question: 'Tea?', options: [], total_voter_count: 0 } as never },
  story: { story: { id: 3, chat: privateChat } as never },
};

/** Messages that nobody has said. */
export const services: Readonly<Record<string, Partial<Message>>> = {
  join: { chat: group, new_chat_members: [me] },
  leave: { chat: group, left_chat_member: lin },
  title: { chat: group, new_chat_title: 'Writers' },
  pin: { chat: group, pinned_message: { message_id: 3, date: 0, chat: group } as never },
  created: { chat: group, group_chat_created: true },
  migrated: { chat: group, migrate_to_chat_id: forum.id },
  topic: {
    chat: forum,
    message_thread_id: 42,
    is_topic_message: true,
    forum_topic_created: { name: 'News', icon_color: 7_322_096 },
  },
  call: { chat: group, video_chat_started: {} },
  timer: { chat: privateChat, message_auto_delete_timer_changed: { message_auto_delete_time: 86_400 } },
};

/** The update that brings a pressed button, under a message of ours. */
export function pressed(data: string, message: object = {}, more: object = {}): Update {
  return {
    update_id: 870_000_002,
    callback_query: {
      id: '4382000000001',
      from: lin,
      chat_instance: '-77',
      message: { ...fromUs, message_id: 43, chat: privateChat, ...message },
      data,
      ...more,
    },
  } as Update;
}

/** The update that brings the Stop of a draft. */
export function stoppedDraft(more: object = {}): Update {
  return {
    update_id: 870_000_003,
    stopped_message_generation: { chat: privateChat, draft_id: 77, ...more },
  } as Update;
}

/** The update that brings this message as an edited one. */
export const edited = ({ message, ...update }: Update): Update =>
  ({ ...update, edited_message: { ...message, edit_date: 1_795_000_030 } }) as Update;

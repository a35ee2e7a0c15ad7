import type { ChatFullInfo, ChatMember, UserFromGetMe } from 'grammy/types';
import { isThere, knownChat, readableChat, threadFor, writableChat } from '../access.ts';
import type { Call } from '../call.ts';
import { flag, integer, json, messageId } from '../params.ts';
import { badRequest } from '../refusal.ts';
import { callbackLifeMs } from '../updates.ts';
import type { Member } from '../world.ts';

const actions =
  'typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location record_video_note upload_video_note';

/** What may be set as a reaction without any purchase. */
const reactionEmoji =
  '👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡'.split(
    ' ',
  );

export function getMe({ bot }: Call): UserFromGetMe {
  return {
    ...bot.user,
    is_bot: true,
    can_join_groups: true,
    can_read_all_group_messages: !bot.privacy,
    supports_guest_queries: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: bot.topics,
    allows_users_to_create_topics: bot.topics,
    can_manage_bots: false,
    supports_join_request_queries: false,
  };
}

export function sendChatAction(call: Call): true {
  const { world, params } = call;
  const action = (params.action ?? '').toLowerCase();
  if (!actions.split(' ').includes(action)) throw badRequest('wrong parameter action in request');
  const state = writableChat(call);
  // Typing, unlike a send, knows the General topic by its number.
  const general = state.topics.size > 0 && integer(params, 'message_thread_id') === 1;
  const threadId = general ? 1 : threadFor(state, params);
  state.typing.push({ at: world.now(), action, threadId });
  return true;
}

export function setMessageReaction(call: Call): true {
  const id = messageId(call.params);
  const reactions = json(call.params, 'reaction') ?? [];
  if (!Array.isArray(reactions)) throw badRequest('expected an Array of ReactionType');
  if (!reactions.every((reaction) => ['emoji', 'custom_emoji', 'paid'].includes(reaction?.type))) {
    throw badRequest("can't parse ReactionType: expected an Object with a known type");
  }
  const state = writableChat(call);
  if (!isThere(state, id)) throw badRequest('message to react not found');
  const usable = reactions.every(({ type, emoji }) => type === 'emoji' && reactionEmoji.includes(emoji));
  if (!usable) throw badRequest('REACTION_INVALID');
  if (reactions.length > 1) throw badRequest('REACTIONS_TOO_MANY');
  return true;
}

export function answerCallbackQuery({ world, bot, params }: Call): true {
  const query = world.queries.get(params.callback_query_id ?? '');
  if (query?.botId !== bot.user.id || world.now() - query.askedAt > callbackLifeMs) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  }
  const text = params.text ?? '';
  if (text.length > 200) throw badRequest('MESSAGE_TOO_LONG');
  query.answer = { text, alert: flag(params, 'show_alert') };
  return true;
}

export function getChat(call: Call): ChatFullInfo {
  const { chat } = knownChat(call);
  const full = {
    ...chat,
    accent_color_id: 0,
    max_reaction_count: 11,
    accepted_gift_types: {
      unlimited_gifts: false,
      limited_gifts: false,
      unique_gifts: false,
      premium_subscription: false,
      gifts_from_channels: false,
    },
  };
  return full as ChatFullInfo;
}

export function getChatMember(call: Call): ChatMember {
  const state = readableChat(call);
  const userId = integer(call.params, 'user_id');
  if (userId === undefined || userId <= 0) throw badRequest('invalid user_id specified');
  const member = state.members.get(userId);
  const user = member?.user ?? call.world.people.get(userId);
  if (user === undefined) throw badRequest('user not found');
  return member === undefined ? { status: 'left', user } : asChatMember(member);
}

export function getChatAdministrators(call: Call): ChatMember[] {
  const { chat, members } = readableChat(call);
  if (chat.type === 'private') throw badRequest('there are no administrators in the private chat');
  const withBots = flag(call.params, 'return_bots');
  return [...members.values()]
    .filter(({ status }) => status === 'creator' || status === 'administrator')
    .filter(({ user }) => withBots || !user.is_bot || user.id === call.bot.user.id)
    .map(asChatMember);
}

export function asChatMember({ user, status, anonymous = false }: Member): ChatMember {
  switch (status) {
    case 'creator':
      return { status, user, is_anonymous: anonymous };
    case 'kicked':
      return { status, user, until_date: 0 };
    case 'administrator':
      return {
        status,
        user,
        can_be_edited: false,
        is_anonymous: anonymous,
        can_manage_chat: true,
        can_delete_messages: true,
        can_manage_video_chats: false,
        can_restrict_members: false,
        can_promote_members: false,
        can_change_info: false,
        can_invite_users: true,
        can_post_stories: false,
        can_edit_stories: false,
        can_delete_stories: false,
        can_manage_topics: true,
        can_send_welcome_messages: false,
      };
    default:
      return { status, user };
  }
}

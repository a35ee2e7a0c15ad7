import type { Message, TextQuote } from 'grammy/types';
import { isThere, threadFor, writableChat } from '../access.ts';
import type { Call } from '../call.ts';
import { readFormattedText } from '../formatted-text.ts';
import { readInlineKeyboard } from '../keyboard.ts';
import { addMessage, shownText } from '../messages.ts';
import { fields, flag, integer, json } from '../params.ts';
import { badRequest } from '../refusal.ts';
import { lengthInCodePoints, maxTextLength } from '../text.ts';
import type { ChatState } from '../world.ts';

const draftLifeMs = 30_000;

export function sendMessage(call: Call): Message {
  const { world, bot, params } = call;
  const formatted = readFormattedText(params);
  if (formatted.text === '') throw badRequest('message text is empty');
  if (lengthInCodePoints(formatted.text) > maxTextLength) throw badRequest('message is too long');
  const keyboard = readInlineKeyboard(params);
  const preview = fields(params, 'link_preview_options');
  const state = writableChat(call);
  const threadId = openThread(call, state);
  const reply = readReply(call, state);
  const content = {
    text: formatted.text,
    ...(formatted.entities.length > 0 && { entities: [...formatted.entities] }),
    ...(preview && { link_preview_options: preview }),
    ...(reply?.quote && { quote: reply.quote }),
    ...(flag(params, 'protect_content') && { has_protected_content: true as const }),
    ...(keyboard && { reply_markup: keyboard }),
  };
  const { user } = bot;
  const stored = addMessage(world, state, {
    from: user,
    botId: user.id,
    content,
    threadId,
    replyTo: reply?.messageId,
  });
  state.lastBotToSpeak = user.id;
  hideDrafts(state, stored.threadId, world.now());
  return stored.message;
}

export function sendMessageDraft(call: Call): true {
  const { world, params } = call;
  const draftId = integer(params, 'draft_id');
  if (draftId === undefined || draftId === 0) throw badRequest('invalid draft identifier specified');
  const { text, entities } = readFormattedText(params);
  if (lengthInCodePoints(text) > maxTextLength) throw badRequest('message is too long');
  if (integer(params, 'chat_id') === undefined) throw badRequest('chat not found');
  const state = writableChat(call);
  if (state.chat.type !== 'private') throw badRequest('TEXTDRAFT_PEER_INVALID');
  const threadId = openThread(call, state);
  const at = world.now();
  const same = state.drafts.find(
    (draft) => draft.draftId === draftId && draft.threadId === threadId && draft.shownUntil > at,
  );
  if (same === undefined) hideDrafts(state, threadId, at);
  const canStop = flag(params, 'can_stop');
  const draft = same ?? { draftId, threadId, canStop, text, entities, shownUntil: 0, history: [] };
  if (same === undefined) state.drafts.push(draft);
  Object.assign(draft, { text, entities, shownUntil: at + draftLifeMs });
  draft.history.push({ at, text });
  return true;
}

// Apps take a draft away when any message of the bot arrives in the same place.
function hideDrafts(state: ChatState, threadId: number | undefined, at: number) {
  for (const draft of state.drafts) {
    if (draft.threadId === threadId) draft.shownUntil = Math.min(draft.shownUntil, at);
  }
}

function openThread({ bot, params }: Call, state: ChatState): number | undefined {
  const threadId = threadFor(state, params);
  const closed = threadId !== undefined && state.topics.get(threadId)?.closed === true;
  if (closed && state.members.get(bot.user.id)?.status !== 'administrator') throw badRequest('TOPIC_CLOSED');
  return threadId;
}

interface Reply {
  readonly messageId: number | undefined;
  readonly quote: TextQuote | undefined;
}

function readReply({ params }: Call, state: ChatState): Reply | undefined {
  const parameters = fields(params, 'reply_parameters');
  const wanted = parameters?.message_id ?? integer(params, 'reply_to_message_id');
  if (wanted === undefined) return undefined;
  const elsewhere = parameters?.chat_id !== undefined && Number(parameters.chat_id) !== state.chat.id;
  const replied = state.messages.get(Number(wanted));
  if (elsewhere || replied === undefined || !isThere(state, Number(wanted))) {
    const allowed = parameters?.allow_sending_without_reply ?? json(params, 'allow_sending_without_reply');
    if (allowed === true && !elsewhere) return undefined;
    throw badRequest('message to be replied not found');
  }
  const quoted = typeof parameters?.quote === 'string' ? parameters.quote : undefined;
  const position = quoted === undefined ? 0 : shownText(replied.message).indexOf(quoted);
  if (position < 0 || lengthInCodePoints(quoted ?? '') > 1024) throw badRequest('QUOTE_TEXT_INVALID');
  const quote = quoted === undefined ? undefined : { text: quoted, position, is_manual: true as const };
  return { messageId: replied.message.message_id, quote };
}

import type { Message, TextQuote } from 'grammy/types';
import { isThere, openThread, writableChat } from '../access.ts';
import type { Call } from '../call.ts';
import { readDocument } from '../documents.ts';
import { readFormattedText } from '../formatted-text.ts';
import { readInlineKeyboard } from '../keyboard.ts';
import { addMessage, shownText } from '../messages.ts';
import { fields, flag, integer, json } from '../params.ts';
import { badRequest } from '../refusal.ts';
import { asRichMessage, type RichSource, readRichMessage } from '../rich.ts';
import { type FormattedText, lengthInCodePoints, maxTextLength } from '../text.ts';
import type { ChatState } from '../world.ts';
import { hideDrafts } from './drafts.ts';

/** The longest caption, in code points. */
export const maxCaptionLength = 1024;

export function sendMessage(call: Call): Message {
  const { params } = call;
  const formatted = readFormattedText(params);
  if (formatted.text === '') throw badRequest('message text is empty');
  if (lengthInCodePoints(formatted.text) > maxTextLength) throw badRequest('message is too long');
  const preview = fields(params, 'link_preview_options');
  return post(call, {
    text: formatted.text,
    ...(formatted.entities.length > 0 && { entities: [...formatted.entities] }),
    ...(preview && { link_preview_options: preview }),
  });
}

export function sendRichMessage(call: Call): Message {
  const rich = readRichMessage(call.params);
  if (rich === undefined) throw badRequest('rich message is empty');
  return post(call, { rich_message: asRichMessage(rich) }, { rich });
}

export function sendDocument(call: Call): Message {
  const { document, bytes } = readDocument(call);
  const caption = readFormattedText(call.params, 'caption');
  if (lengthInCodePoints(caption.text) > maxCaptionLength) throw badRequest('message caption is too long');
  return post(call, { document, ...captionFields(caption) }, { bytes });
}

/** A caption as a message carries it: no field when it is empty. */
export const captionFields = ({ text, entities }: FormattedText) => ({
  ...(text !== '' && { caption: text }),
  ...(entities.length > 0 && { caption_entities: [...entities] }),
});

/** Puts what was read into the chat that the call names, and takes the drafts there away. */
function post(
  call: Call,
  content: Partial<Message>,
  beside: { readonly rich?: RichSource; readonly bytes?: Buffer } = {},
): Message {
  const { world, bot, params } = call;
  const keyboard = readInlineKeyboard(params);
  const state = writableChat(call);
  const threadId = openThread(call, state);
  const reply = readReply(call, state);
  const { user } = bot;
  const stored = addMessage(world, state, {
    from: user,
    botId: user.id,
    content: {
      ...content,
      ...(reply?.quote && { quote: reply.quote }),
      ...(flag(params, 'protect_content') && { has_protected_content: true as const }),
      ...(keyboard && { reply_markup: keyboard }),
    },
    threadId,
    replyTo: reply?.messageId,
    silent: flag(params, 'disable_notification'),
    ...beside,
  });
  state.lastBotToSpeak = user.id;
  hideDrafts(state, stored.threadId, world.now());
  return stored.message;
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

import type { InlineKeyboardMarkup, LinkPreviewOptions, Message } from 'grammy/types';
import { isThere, writableChat } from '../access.ts';
import type { Call } from '../call.ts';
import { readFormattedText } from '../formatted-text.ts';
import { readInlineKeyboard } from '../keyboard.ts';
import { fields, messageId } from '../params.ts';
import { badRequest } from '../refusal.ts';
import { asRichMessage, type RichSource, readRichMessage, richText } from '../rich.ts';
import { lengthInCodePoints, maxTextLength } from '../text.ts';
import { type StoredMessage, unixTime } from '../world.ts';
import { captionFields, maxCaptionLength } from './sending.ts';

export function editMessageText(call: Call): Message {
  const { world, params } = call;
  // A server that does not know the parameter takes no notice of it.
  const rich = world.richMessages ? readRichMessage(params) : undefined;
  const id = editedId(call);
  const content = rich === undefined ? textContent(call) : { rich_message: asRichMessage(rich) };
  const keyboard = readInlineKeyboard(params);
  const stored = ownMessage(call, id);
  if (stored.message.document !== undefined) throw badRequest('there is no text in the message to edit');
  // Unlike a send, an edit that is too long is only found out by Telegram itself, and so named in its way.
  if (lengthInCodePoints(content.text ?? '') > maxTextLength) throw badRequest('MESSAGE_TOO_LONG');
  const { text: _text, entities: _old, link_preview_options: _preview, ...others } = stored.message;
  const { rich_message: _rich, ...rest } = others;
  replace(call, stored, { ...rest, ...content } as Message, { keyboard, rich });
  stored.history.push({ at: world.now(), text: rich === undefined ? (content.text ?? '') : richText(rich) });
  return stored.message;
}

function textContent({ params }: Call): Partial<Message> {
  const formatted = readFormattedText(params);
  if (formatted.text === '') throw badRequest('message text is empty');
  const preview = fields(params, 'link_preview_options');
  return {
    text: formatted.text,
    ...(formatted.entities.length > 0 && { entities: [...formatted.entities] }),
    ...(preview && { link_preview_options: preview as LinkPreviewOptions }),
  };
}

export function editMessageCaption(call: Call): Message {
  const id = editedId(call);
  const caption = readFormattedText(call.params, 'caption');
  const keyboard = readInlineKeyboard(call.params);
  const stored = ownMessage(call, id);
  if (stored.message.document === undefined) throw badRequest('there is no caption in the message to edit');
  if (lengthInCodePoints(caption.text) > maxCaptionLength) throw badRequest('MEDIA_CAPTION_TOO_LONG');
  const { caption: _caption, caption_entities: _old, ...rest } = stored.message;
  replace(call, stored, { ...rest, ...captionFields(caption) } as Message, { keyboard, rich: undefined });
  stored.history.push({ at: call.world.now(), text: caption.text });
  return stored.message;
}

export function editMessageReplyMarkup(call: Call): Message {
  const id = editedId(call);
  const keyboard = readInlineKeyboard(call.params);
  const stored = ownMessage(call, id);
  replace(call, stored, stored.message, { keyboard, rich: stored.rich });
  return stored.message;
}

function editedId({ params }: Call): number {
  if (params.inline_message_id !== undefined) throw badRequest('MESSAGE_ID_INVALID');
  return messageId(params);
}

function ownMessage(call: Call, id: number): StoredMessage {
  const state = writableChat(call);
  const stored = state.messages.get(id);
  if (stored === undefined || !isThere(state, id)) throw badRequest('message to edit not found');
  if (stored.botId !== call.bot.user.id) throw badRequest("message can't be edited");
  return stored;
}

/** An edit without a keyboard takes the keyboard away. */
function replace(
  { world }: Call,
  stored: StoredMessage,
  edited: Message,
  { keyboard, rich }: { keyboard: InlineKeyboardMarkup | undefined; rich: RichSource | undefined },
) {
  const { reply_markup: _old, edit_date: _date, ...rest } = edited;
  const next: Message = { ...rest, ...(keyboard && { reply_markup: keyboard }) };
  if (looks(next) === looks(stored.message)) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  stored.message = { ...next, edit_date: unixTime(world) };
  stored.rich = rich;
}

// A preview is part of how a message looks only if there is a link to preview.
function looks(message: Message): string {
  const { text, entities, caption, caption_entities, rich_message, reply_markup } = message;
  const links = entities?.some(({ type }) => type === 'url' || type === 'text_link') === true;
  const preview = links ? message.link_preview_options : undefined;
  return JSON.stringify([text, entities, caption, caption_entities, rich_message, reply_markup, preview]);
}

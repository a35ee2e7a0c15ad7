import type { InlineKeyboardMarkup, LinkPreviewOptions, Message } from 'grammy/types';
import { isThere, writableChat } from '../access.ts';
import type { Call } from '../call.ts';
import { readFormattedText } from '../formatted-text.ts';
import { readInlineKeyboard } from '../keyboard.ts';
import { fields, messageId } from '../params.ts';
import { badRequest } from '../refusal.ts';
import { lengthInCodePoints, maxTextLength } from '../text.ts';
import { type StoredMessage, unixTime } from '../world.ts';

const deletableForMs = 48 * 60 * 60 * 1000;

export function editMessageText(call: Call): Message {
  const { world, params } = call;
  if (params.rich_message !== undefined) throw badRequest('rich messages are not part of this emulator');
  const id = editedId(call);
  const formatted = readFormattedText(params);
  if (formatted.text === '') throw badRequest('message text is empty');
  const keyboard = readInlineKeyboard(params);
  const preview = fields(params, 'link_preview_options');
  const stored = ownMessage(call, id);
  // Unlike a send, an edit that is too long is only found out by Telegram itself, and so named in its way.
  if (lengthInCodePoints(formatted.text) > maxTextLength) throw badRequest('MESSAGE_TOO_LONG');
  const { entities: _old, link_preview_options: _oldPreview, ...rest } = stored.message;
  const edited = {
    ...rest,
    text: formatted.text,
    ...(formatted.entities.length > 0 && { entities: [...formatted.entities] }),
    ...(preview && { link_preview_options: preview as LinkPreviewOptions }),
  };
  replace(call, stored, edited, keyboard);
  stored.history.push({ at: world.now(), text: formatted.text });
  return stored.message;
}

export function editMessageReplyMarkup(call: Call): Message {
  const id = editedId(call);
  const keyboard = readInlineKeyboard(call.params);
  const stored = ownMessage(call, id);
  replace(call, stored, stored.message, keyboard);
  return stored.message;
}

export function deleteMessage(call: Call): true {
  const { world, bot, params } = call;
  const id = messageId(params);
  const state = writableChat(call);
  const stored = state.messages.get(id);
  if (stored === undefined || stored.deleted) throw badRequest('message to delete not found');
  const mayDeleteOthers =
    state.chat.type === 'private' || state.members.get(bot.user.id)?.status === 'administrator';
  if (stored.botId !== bot.user.id && !mayDeleteOthers) throw badRequest("message can't be deleted");
  if (world.now() - stored.message.date * 1000 > deletableForMs) {
    throw badRequest("message can't be deleted for everyone");
  }
  stored.deleted = true;
  return true;
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
  keyboard: InlineKeyboardMarkup | undefined,
) {
  const { reply_markup: _old, edit_date: _date, ...rest } = edited;
  const next: Message = { ...rest, ...(keyboard && { reply_markup: keyboard }) };
  if (looks(next) === looks(stored.message)) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  stored.message = { ...next, edit_date: unixTime(world) };
}

// A preview is part of how a message looks only if there is a link to preview.
function looks({ text, entities, reply_markup, link_preview_options }: Message): string {
  const links = entities?.some(({ type }) => type === 'url' || type === 'text_link') === true;
  return JSON.stringify([text, entities, reply_markup, links ? link_preview_options : undefined]);
}

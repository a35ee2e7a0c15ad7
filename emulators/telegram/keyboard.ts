import type { InlineKeyboardMarkup } from 'grammy/types';
import { fields } from './params.ts';
import { badRequest } from './refusal.ts';
import type { Params } from './request.ts';

const actions = [
  'url',
  'callback_data',
  'web_app',
  'login_url',
  'switch_inline_query',
  'switch_inline_query_current_chat',
  'switch_inline_query_chosen_chat',
  'copy_text',
  'callback_game',
  'pay',
];
const maxButtons = 100;
const maxCallbackDataBytes = 64;

/** Reads `reply_markup`; only an inline keyboard stays with the message, the other kinds are checked for no more. */
export function readInlineKeyboard(params: Params): InlineKeyboardMarkup | undefined {
  const markup = fields(params, 'reply_markup');
  if (markup === undefined || Object.keys(markup).length === 0) return undefined;
  const rows = markup.inline_keyboard;
  if (rows === undefined) {
    if (['keyboard', 'remove_keyboard', 'force_reply'].some((kind) => kind in markup)) return undefined;
    throw badRequest('object expected as reply markup');
  }
  if (!Array.isArray(rows) || rows.some((row) => !Array.isArray(row))) {
    throw badRequest('field "inline_keyboard" must be an Array of Arrays');
  }
  const buttons: unknown[] = rows.flat();
  if (buttons.length > maxButtons) throw badRequest('reply markup is too long');
  for (const button of buttons) checkButton(button);
  const filled: InlineKeyboardMarkup['inline_keyboard'] = rows.filter((row: unknown[]) => row.length > 0);
  return filled.length > 0 ? { inline_keyboard: filled } : undefined;
}

function checkButton(button: unknown): void {
  const cannot = (reason: string) => badRequest(`can't parse inline keyboard button: ${reason}`);
  if (typeof button !== 'object' || button === null) throw cannot('InlineKeyboardButton must be an Object');
  const { text, callback_data: data, url, copy_text: copy } = button as Record<string, unknown>;
  if (typeof text !== 'string' || text === '') throw cannot('Can\'t find field "text"');
  if (!actions.some((action) => action in button)) {
    throw cannot('Text buttons are unallowed in the inline keyboard');
  }
  if (data !== undefined) {
    const bytes = Buffer.byteLength(String(data));
    if (bytes < 1 || bytes > maxCallbackDataBytes) throw badRequest('BUTTON_DATA_INVALID');
  }
  if (url !== undefined && !/^(?:https?|tg|ton):\/\/\S+$|^[^\s:/]+\.[^\s]+$/i.test(String(url))) {
    throw badRequest(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
  }
  const copied = typeof copy === 'object' && copy !== null && 'text' in copy ? String(copy.text) : '';
  if (copy !== undefined && (copied === '' || copied.length > 256))
    throw badRequest('BUTTON_COPY_TEXT_INVALID');
}

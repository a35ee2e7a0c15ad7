import type { InlineKeyboardMarkup } from 'grammy/types';
import type { Button } from '../../src/core/message.ts';

/** Apps cut a label where their own width ends; much more than that is only carried about. */
const longestLabel = 128;
/** Telegram refuses a whole message for one button that has more. */
const longestDataBytes = 64;

/** The buttons under a message, one below the other. Without any, an edit takes those away that are there. */
export function keyboardOf(buttons: readonly Button[] = []): { reply_markup?: InlineKeyboardMarkup } {
  const rows = buttons
    .filter(({ data }) => data !== '' && Buffer.byteLength(data) <= longestDataBytes)
    .map(({ label, data }) => [{ text: labelOf(label), callback_data: data }]);
  return rows.length > 0 ? { reply_markup: { inline_keyboard: rows } } : {};
}

/** In one line, and never empty: neither is allowed. */
function labelOf(label: string): string {
  const line = label
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  const short =
    characters.length > longestLabel ? `${characters.slice(0, longestLabel - 1).join('')}…` : line;
  return short || '…';
}

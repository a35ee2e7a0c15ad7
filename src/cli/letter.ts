import type { DeadLetter } from '../core/ports/store.ts';
import { onOneLine } from './line.ts';

/** So much of a text is shown, in characters. */
const longestText = 80;

/** More is cut off, whatever an error had to say. */
const longestReason = 300;

/** A dead letter for its owner to read. */
export function toLines({ id, at, message, reason }: DeadLetter): string[] {
  const { author, target, text, attachments } = message;
  const attached = attachments.length > 0 ? ` [attachments: ${attachments.length}]` : '';
  return [
    [id, localTime(at), target.platform, onOneLine(author.name ?? author.id, longestText)].join('  '),
    `  why:  ${onOneLine(reason.replace(/^Error: /, ''), longestReason)}`,
    `  text: ${onOneLine(text, longestText)}${attached}`,
  ];
}

/** `2026-11-28 20:44:05 +08:00`. */
function localTime(ms: number): string {
  const offset = -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map(twoDigits);
  return `${local} ${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

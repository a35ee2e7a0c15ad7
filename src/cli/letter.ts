import type { DeadLetter } from '../core/ports/store.ts';

/** So much of a text is shown, in characters. */
const longestText = 80;

/** More is cut off, whatever an error had to say. */
const longestReason = 300;

/** What a terminal would obey, or what would make it show something else than is there. Emoji need U+200D. */
const unsafe = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A dead letter for its owner to read. */
export function toLines({ id, at, message, reason }: DeadLetter): string[] {
  const { author, target, text, attachments } = message;
  const attached = attachments.length > 0 ? ` [attachments: ${attachments.length}]` : '';
  return [
    [id, localTime(at), target.platform, onOneLine(author.name, longestText)].join('  '),
    `  why:  ${onOneLine(reason.replace(/^Error: /, ''), longestReason)}`,
    `  text: ${onOneLine(text, longestText)}${attached}`,
  ];
}

/** The same for programs, with all that is known of it; a terminal may show it, too. */
export function toJson(letter: DeadLetter): string {
  return JSON.stringify(letter).replace(unsafe, escaped);
}

/** By code unit, as JSON wants it. */
function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}

function onOneLine(text: string, longest: number): string {
  // A huge text is cut first: what is thrown away need not be looked at.
  const line = text
    .slice(0, longest * 10)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(unsafe, '\ufffd');
  const characters = [...line];
  if (characters.length <= longest && text.length <= longest * 10) return line;
  return `${characters.slice(0, longest - 1).join('')}…`;
}

/** `2026-11-28 20:44:05 +08:00`. */
function localTime(ms: number): string {
  const offset = -new Date(ms).getTimezoneOffset();
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map(twoDigits);
  return `${local} ${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

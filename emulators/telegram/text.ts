import type { MessageEntity } from 'grammy/types';

/** A text with its formatting, as every message carries it. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

/** The longest text of a message, in code points. */
export const maxTextLength = 4096;

export const lengthInCodePoints = (text: string) => Array.from(text).length;

/**
 * What the server does to every text before it looks at it: control characters (TAB too) become a space, CR, line
 * separators, bidi overrides and "vertical line" marks vanish, and the ends are trimmed. Entities move along.
 */
export function cleanText({ text, entities }: FormattedText): FormattedText {
  const movedTo: number[] = [];
  let cleaned = '';
  for (const unit of text.split('')) {
    movedTo.push(cleaned.length);
    cleaned += cleanUnit(unit);
  }
  movedTo.push(cleaned.length);
  const moved = entities.map((entity) => {
    const offset = movedTo[entity.offset] ?? 0;
    const end = movedTo[entity.offset + entity.length] ?? cleaned.length;
    return { ...entity, offset, length: end - offset };
  });
  return trim({ text: cleaned, entities: moved.flatMap((entity) => withoutLeadingSpace(cleaned, entity)) });
}

const marks = ['\r', '\u0333', '\u033f', '\u030a'];

function cleanUnit(unit: string): string {
  if (marks.includes(unit) || (unit >= '\u2028' && unit <= '\u202e')) return '';
  return unit < ' ' && unit !== '\n' ? ' ' : unit;
}

// These mean something also when nothing of them can be seen.
const hidden = new Set(['text_link', 'text_mention', 'pre', 'code']);

// The server starts any other entity at its first visible character and drops one that has none.
function withoutLeadingSpace(text: string, entity: MessageEntity): MessageEntity[] {
  const inside = text.slice(entity.offset, entity.offset + entity.length);
  if (hidden.has(entity.type)) return entity.length > 0 ? [entity] : [];
  const spaces = inside.length - inside.replace(/^[ \n]+/, '').length;
  if (spaces === inside.length) return [];
  return [{ ...entity, offset: entity.offset + spaces, length: entity.length - spaces }];
}

// On the left only as far as the first entity.
function trim({ text, entities }: FormattedText): FormattedText {
  const end = text.replace(/[ \n]+$/, '').length;
  const firstEntity = Math.min(end, ...entities.map((entity) => entity.offset));
  const start = Math.min(firstEntity, text.length - text.replace(/^[ \n]+/, '').length);
  const kept = entities
    .map((entity) => ({ ...entity, length: Math.min(entity.length, end - entity.offset) }))
    .filter((entity) => entity.length > 0)
    .map((entity) => ({ ...entity, offset: entity.offset - start }));
  return { text: text.slice(start, end), entities: kept };
}

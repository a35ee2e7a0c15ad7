import type { Me, TelegramEntity } from './update.ts';

/** What the entities of a text say of whom it is meant for. */
export interface Mentioned {
  readonly isUs: boolean;
  /** It begins with a command for another bot. */
  readonly isOther: boolean;
  /** The text without our name. */
  readonly text: string;
}

export function readMentions(text: string, entities: readonly TelegramEntity[], me: Me): Mentioned {
  const ours = `@${me.username.toLowerCase()}`;
  let isUs = false;
  let isOther = false;
  let rest = text;
  // From the end, so that the offsets of those before stay right.
  for (const { type, offset, length, user } of entities.toSorted((one, other) => other.offset - one.offset)) {
    const end = offset + length;
    const words = text.slice(offset, end).toLowerCase();
    const at = type === 'bot_command' ? words.indexOf('@') : -1;
    if ((type === 'mention' && words === ours) || (type === 'text_mention' && user?.id === me.id)) {
      isUs = true;
      rest = join(rest.slice(0, offset), rest.slice(end));
    } else if (at !== -1 && words.slice(at) === ours) {
      isUs = true;
      rest = rest.slice(0, offset + at) + rest.slice(end);
    } else if (at !== -1 && offset === 0) isOther = true;
  }
  return { isUs, isOther, text: rest.trim() };
}

/** What stood around a name, without the space that it needed; after a name in front, without the comma or colon. */
function join(before: string, after: string): string {
  if (before.trim() === '') return after.replace(/^\s*[,:，：、]?/, '');
  if (/^[,.!?;:，。！？；：]/.test(after)) return before.trimEnd() + after;
  return /\s$/.test(before) ? before + after.replace(/^[^\S\n]+/, '') : before + after;
}

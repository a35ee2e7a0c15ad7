import type { MessageEntity } from 'grammy/types';
import type { Part } from '../../src/core/message.ts';
import { entitiesOf } from './render.ts';

/** The part as Markdown for a rich message, where it was rendered as one too. */
export function richOf({ format }: Part): string | undefined {
  const { rich } = (format ?? {}) as { readonly rich?: string };
  // A rich message cannot be empty.
  return rich || undefined;
}

/** Telegram counts characters; UTF-16 units are never fewer. */
const longestCaption = 1_024;

/** The words beside a file: as much as there is room for, and what of the entities is left then. */
export function captionOf(part: Part): { caption?: string; caption_entities?: MessageEntity[] } {
  const cut = cutTo(part.text, longestCaption);
  if (cut === '') return {};
  const kept = (entitiesOf(part).entities ?? [])
    .filter(({ offset }) => offset < cut.length)
    .map((entity) => ({ ...entity, length: Math.min(entity.length, cut.length - entity.offset) }));
  return { caption: cut, ...(kept.length > 0 && { caption_entities: kept }) };
}

/** The beginning of a text, which does not end within a character. */
export const cutTo = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\ud800-\udbff]$/, '');

import type { MessageEntity } from 'grammy/types';
import type { Part } from '../../src/core/message.ts';

/** What our own rendering has put into `Part.format`. */
interface Format {
  readonly entities?: readonly MessageEntity[];
  /** The part as Markdown for a rich message. */
  readonly rich?: string;
}

export const formatOf = ({ format }: Part): Format => (format ?? {}) as unknown as Format;

/** Never with `parse_mode`: entities cannot fail to parse. */
export function entitiesOf(part: Part): MessageEntity[] {
  return [...(formatOf(part).entities ?? [])];
}

export const entityField = (entities: MessageEntity[]): { entities?: MessageEntity[] } =>
  entities.length > 0 ? { entities } : {};

/** Telegram counts characters; UTF-16 units are never fewer. */
const longestCaption = 1_024;

/** The words beside a file: as much as there is room for, and what of the entities is left then. */
export function captionOf(part: Part): { caption?: string; caption_entities?: MessageEntity[] } {
  const cut = cutTo(part.text, longestCaption);
  if (cut === '') return {};
  const kept = entitiesOf(part)
    .filter(({ offset }) => offset < cut.length)
    .map((entity) => ({ ...entity, length: Math.min(entity.length, cut.length - entity.offset) }));
  return { caption: cut, ...(kept.length > 0 && { caption_entities: kept }) };
}

/** The beginning of a text, which does not end within a character. */
export const cutTo = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\ud800-\udbff]$/, '');

import type { MessageEntity } from 'grammy/types';
import { expect } from 'vitest';
import { readFormattedText } from '../../../emulators/telegram/formatted-text.ts';
import type { Part } from '../../../src/core/message.ts';

export const entitiesOf = ({ format }: Part) => (format as unknown as { entities: MessageEntity[] }).entities;

/** What the server finds by itself. */
const found = new Set<string>(['url', 'email', 'mention', 'bot_command', 'hashtag', 'cashtag']);

/** Which visible characters are shown how. */
function looks(text: string, entities: readonly MessageEntity[]): string {
  const places = entities.flatMap((entity) => {
    const { offset, length, type, ...more } = entity;
    return Array.from({ length }, (_, index) => offset + index)
      .filter((index) => /\S/.test(text[index] ?? ''))
      .map((index) => `${index} ${type} ${JSON.stringify(Object.values(more))}`);
  });
  return [...new Set(places)].sort().join('\n');
}

/** The server takes it, and keeps it as it is. */
export function expectValid(part: Part, limit = 4_096): void {
  const { text } = part;
  const entities = entitiesOf(part);
  const kept = readFormattedText({ text, entities: JSON.stringify(entities) });
  if (kept.text !== text) expect(kept.text).toBe(text);
  const own = looks(
    text,
    kept.entities.filter(({ type }) => !found.has(type)),
  );
  if (own !== looks(text, entities)) expect(own, JSON.stringify(text)).toBe(looks(text, entities));
  const isProper =
    text.length > 0 && text.length <= limit && !/[\p{Surrogate}\t\r]/u.test(text) && text === text.trimEnd();
  if (!isProper) expect.fail(`no proper text: ${JSON.stringify(text)}`);
  for (const { offset, length } of entities)
    if (length <= 0 || /\s$/.test(text.slice(offset, offset + length)))
      expect.fail(`an entity ends in white space: ${JSON.stringify(part)}`);
}

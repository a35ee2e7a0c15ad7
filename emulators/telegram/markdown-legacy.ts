import type { MessageEntity } from 'grammy/types';
import { linkEntity } from './link-entity.ts';
import { badRequest } from './refusal.ts';
import type { FormattedText } from './text.ts';

const closings: Readonly<Record<string, string>> = { '*': '*', _: '_', '`': '`', '[': ']', '```': '```' };

/** The old `Markdown` mode: four markers, no nesting, no escapes inside an entity. */
export function parseLegacyMarkdown(source: string): FormattedText {
  const entities: MessageEntity[] = [];
  let text = '';
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    if (/^\\[_*`[]/.test(rest)) {
      text += rest[1];
      at += 2;
      continue;
    }
    const opening = /^(?:```|[*_`[])/.exec(rest)?.[0];
    if (opening === undefined) {
      text += source[at++];
      continue;
    }
    const closing = closings[opening] ?? opening;
    const close = source.indexOf(closing, at + opening.length);
    if (close < 0) {
      const where = Buffer.byteLength(source.slice(0, at));
      throw badRequest(`can't parse entities: Can't find end of the entity starting at byte offset ${where}`);
    }
    const content = source.slice(at + opening.length, close);
    at = close + closing.length;
    const target = opening === '[' ? /^\(([^)]*)\)/.exec(source.slice(at)) : null;
    at += target?.[0].length ?? 0;
    const language = opening === '```' ? /^[^\s`]+(?=\n)/.exec(content)?.[0] : undefined;
    const shown = opening === '```' ? content.replace(/^[^\s`]*\n/, '') : content;
    const entity = toEntity(opening, { offset: text.length, length: shown.length }, target?.[1], language);
    if (entity !== undefined && shown !== '') entities.push(entity);
    text += shown;
  }
  return { text, entities };
}

function toEntity(
  opening: string,
  place: { offset: number; length: number },
  target: string | undefined,
  language: string | undefined,
): MessageEntity | undefined {
  if (opening === '*') return { type: 'bold', ...place };
  if (opening === '_') return { type: 'italic', ...place };
  if (opening === '`') return { type: 'code', ...place };
  if (opening === '```') return { type: 'pre', ...place, ...(language !== undefined && { language }) };
  return target === undefined ? undefined : linkEntity(target, place);
}

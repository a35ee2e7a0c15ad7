import type { MessageEntity } from 'grammy/types';
import { checkEntities, limitEntities, readEntities, repairNesting, withFound } from './entities.ts';
import { findEntities } from './found-entities.ts';
import { parseHtml } from './html.ts';
import { parseLegacyMarkdown } from './markdown-legacy.ts';
import { parseMarkdownV2 } from './markdown-v2.ts';
import { json } from './params.ts';
import { badRequest } from './refusal.ts';
import type { Params } from './request.ts';
import { cleanText, type FormattedText } from './text.ts';

/** A bot's text as the server makes it of `text` or `caption`, `parse_mode` and the entities; empty if nothing visible is left. */
export function readFormattedText(params: Params, textName: 'text' | 'caption' = 'text'): FormattedText {
  return settle(parse(params[textName] ?? '', params, textName === 'text' ? 'entities' : 'caption_entities'));
}

/** A person's text: only what the server finds in it, and the entities their app has set. */
export function personText(text: string, entities: readonly MessageEntity[] = []): FormattedText {
  return settle({ text, entities });
}

function parse(text: string, params: Params, entitiesName: string): FormattedText {
  const mode = (params.parse_mode ?? '').toLowerCase();
  if (mode === 'markdownv2') return parseMarkdownV2(text);
  if (mode === 'markdown') return parseLegacyMarkdown(text);
  if (mode === 'html') return parseHtml(text);
  if (mode !== '') throw badRequest('unsupported parse_mode');
  const entities = readEntities(json(params, entitiesName) ?? []);
  checkEntities(text, entities);
  return { text, entities };
}

function settle(raw: FormattedText): FormattedText {
  const { text, entities } = cleanText({ text: raw.text, entities: repairNesting(raw.entities) });
  return { text, entities: limitEntities(withFound(entities, findEntities(text))) };
}

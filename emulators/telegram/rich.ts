import type { InputRichMessage, RichMessage } from 'grammy/types';
import { fields } from './params.ts';
import { badRequest } from './refusal.ts';
import type { Params } from './request.ts';
import { lengthInCodePoints } from './text.ts';

/** A rich message as the bot has written it. The real server alone can parse it; here it is only passed on. */
export type RichSource = InputRichMessage;

const kinds = ['markdown', 'html', 'blocks'] as const;
const maxLength = 32_768;
const maxBlocks = 500;

/**
 * Reads `rich_message`; undefined when the call has none. The limits are published, the words of these refusals are
 * not. The length is that of the source, which is never shorter than the text the real server counts.
 */
export function readRichMessage(params: Params): RichSource | undefined {
  const rich = fields(params, 'rich_message');
  if (rich === undefined) return undefined;
  const given = kinds.filter((kind) => rich[kind] !== undefined);
  if (given.length !== 1) throw badRequest('exactly one of markdown, html and blocks must be specified');
  if (rich.blocks !== undefined && !Array.isArray(rich.blocks)) {
    throw badRequest('can\'t parse InputRichMessage: field "blocks" must be an Array');
  }
  const source = rich as RichSource;
  if (richText(source).trim() === '') throw badRequest('rich message is empty');
  if (lengthInCodePoints(richText(source)) > maxLength) throw badRequest('RICH_MESSAGE_TOO_LONG');
  if ((source.blocks?.length ?? 0) > maxBlocks) throw badRequest('RICH_MESSAGE_BLOCKS_TOO_MUCH');
  return source;
}

/** The source of a rich message; of blocks, the strings in them. */
export function richText({ markdown, html, blocks }: RichSource): string {
  if (markdown !== undefined || html !== undefined) return markdown ?? html ?? '';
  const texts: string[] = [];
  JSON.stringify(blocks, (key, value: unknown) => {
    const isText = typeof value === 'string' && (key === 'text' || /^\d+$/.test(key));
    if (isText) texts.push(value);
    return value;
  });
  return texts.join('\n');
}

/** What the message carries instead: the source as one paragraph. */
export const asRichMessage = (source: RichSource): RichMessage => ({
  blocks: [{ type: 'paragraph', text: richText(source) }],
  ...(source.is_rtl === true && { is_rtl: true }),
});

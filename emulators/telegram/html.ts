import type { MessageEntity } from 'grammy/types';
import { linkEntity } from './link-entity.ts';
import { badRequest } from './refusal.ts';
import type { FormattedText } from './text.ts';

const styles = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  code: 'code',
} as const;

const others = ['a', 'pre', 'blockquote', 'tg-emoji', 'tg-time'];
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

interface Open {
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly offset: number;
}

/** The server's HTML: its own few tags, all closed in order; anything else refuses the message. */
export function parseHtml(source: string): FormattedText {
  const entities: MessageEntity[] = [];
  const open: Open[] = [];
  let text = '';
  let at = 0;

  const cannot = (reason: string, index?: number) => {
    const where = index === undefined ? '' : ` at byte offset ${Buffer.byteLength(source.slice(0, index))}`;
    return badRequest(`can't parse entities: ${reason}${where}`);
  };

  function startTag(): void {
    const from = at;
    const shape = /^<([^\s>/]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/.exec(source.slice(at));
    if (shape === null) throw cannot('Unclosed start tag', from);
    const tag = (shape[1] ?? '').toLowerCase();
    if (!(tag in styles) && !others.includes(tag)) throw cannot(`Unsupported start tag "${tag}"`, from);
    const attributes = readAttributes(shape[2] ?? '');
    if (tag === 'span' && attributes.get('class') !== 'tg-spoiler') {
      throw cannot('Tag "span" must have class "tg-spoiler"', from);
    }
    if (tag === 'tg-emoji' && !/^\d+$/.test(attributes.get('emoji-id') ?? '')) {
      throw cannot('Invalid custom emoji identifier specified', from);
    }
    open.push({ tag, attributes, offset: text.length });
    at += shape[0].length;
  }

  function endTag(): void {
    const from = at;
    const shape = /^<\/([^\s>]*)\s*>/.exec(source.slice(at));
    if (shape === null) throw cannot('Unclosed end tag', from);
    const top = open.pop();
    const tag = (shape[1] ?? '').toLowerCase();
    if (top === undefined) throw cannot('Unexpected end tag', from);
    if (tag !== '' && tag !== top.tag) {
      throw cannot(`Unmatched end tag, expected "</${top.tag}>", found "</${tag}>"`, from);
    }
    at += shape[0].length;
    const entity = toEntity(top, text, entities);
    if (entity !== undefined) entities.push(entity);
  }

  while (at < source.length) {
    const reference = /^&(?:#(\d+)|#x([\da-f]+)|(lt|gt|amp|quot));?/i.exec(source.slice(at));
    if (source.startsWith('</', at)) endTag();
    else if (source[at] === '<') startTag();
    else if (reference !== null) {
      text += decode(reference);
      at += reference[0].length;
    } else text += source[at++];
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) {
    throw cannot(`Can't find end tag corresponding to start tag "${unclosed.tag}"`);
  }
  return { text, entities };
}

function decode([whole, decimal, hex, name]: RegExpExecArray): string {
  if (name !== undefined) return named[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    ? String.fromCodePoint(code)
    : whole;
}

function readAttributes(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', quoted, single, bare] of source.matchAll(
    /([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g,
  )) {
    const value = quoted ?? single ?? bare ?? '';
    attributes.set(
      name.toLowerCase(),
      value.replace(/&(?:(lt|gt|amp|quot));/gi, (all, key: string) => named[key] ?? all),
    );
  }
  return attributes;
}

function toEntity(
  { tag, attributes, offset }: Open,
  text: string,
  inner: MessageEntity[],
): MessageEntity | undefined {
  const place = { offset, length: text.length - offset };
  if (place.length === 0) return undefined;
  if (tag === 'a') return linkEntity(attributes.get('href') ?? text.slice(offset), place);
  if (tag === 'tg-emoji') {
    return { type: 'custom_emoji', custom_emoji_id: attributes.get('emoji-id') ?? '', ...place };
  }
  if (tag === 'tg-time') {
    const target = `tg://time?unix=${attributes.get('unix')}&format=${attributes.get('format') ?? ''}`;
    return linkEntity(target, place);
  }
  if (tag === 'blockquote') {
    return { type: attributes.has('expandable') ? 'expandable_blockquote' : 'blockquote', ...place };
  }
  const language = /^language-(.+)$/.exec(attributes.get('class') ?? '')?.[1];
  if (tag === 'pre') return preEntity(place, inner);
  // `<pre><code class="language-…">` is one entity: the language is handed to the pre around it.
  if (tag === 'code' && language !== undefined) return { type: 'pre', language, ...place };
  return tag in styles ? { type: styles[tag as keyof typeof styles], ...place } : undefined;
}

function preEntity(place: { offset: number; length: number }, inner: MessageEntity[]): MessageEntity {
  const last = inner.at(-1);
  const same = last?.type === 'pre' && last.offset === place.offset && last.length === place.length;
  if (!same) return { type: 'pre', ...place };
  inner.pop();
  return last;
}

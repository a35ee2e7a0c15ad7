import type { MessageEntity } from 'grammy/types';
import { linkEntity } from './link-entity.ts';
import { badRequest } from './refusal.ts';
import type { FormattedText } from './text.ts';

const reserved = '_*[]()~`>#+-=|{}.!';

/** Markers, longest first, so that `__` is underline before it is twice italic. */
const markers = [
  ['```', 'Pre'],
  ['__', 'Underline'],
  ['||', 'Spoiler'],
  ['![', 'CustomEmoji'],
  ['_', 'Italic'],
  ['*', 'Bold'],
  ['~', 'Strikethrough'],
  ['`', 'Code'],
  ['[', 'TextUrl'],
] as const;

type Kind = (typeof markers)[number][1];

const simple = {
  Bold: 'bold',
  Italic: 'italic',
  Underline: 'underline',
  Strikethrough: 'strikethrough',
  Spoiler: 'spoiler',
  Code: 'code',
} as const;

interface Open {
  readonly kind: Kind;
  readonly at: number;
  readonly offset: number;
  readonly language?: string;
}

interface Reading {
  readonly source: string;
  readonly entities: MessageEntity[];
  readonly open: Open[];
  text: string;
  at: number;
  lineStart: boolean;
  /** Where the quote began that we are in. */
  quoteFrom: number | undefined;
}

/** MarkdownV2 by the server's rules: whatever is reserved and neither escaped nor a marker refuses the message. */
export function parseMarkdownV2(source: string): FormattedText {
  const reading: Reading = {
    source,
    entities: [],
    open: [],
    text: '',
    at: 0,
    lineStart: true,
    quoteFrom: undefined,
  };
  while (reading.at < source.length) step(reading);
  const unclosed = reading.open.at(-1);
  if (unclosed !== undefined) throw cannot(reading, `Can't find end of ${unclosed.kind} entity`, unclosed.at);
  endQuote(reading, 'blockquote');
  return { text: reading.text, entities: reading.entities };
}

const here = ({ source, at }: Reading, marker: string) => source.startsWith(marker, at);
const rest = ({ source, at }: Reading) => source.slice(at);

function cannot({ source }: Reading, reason: string, at?: number) {
  const where = at === undefined ? '' : ` at byte offset ${Buffer.byteLength(source.slice(0, at))}`;
  return badRequest(`can't parse entities: ${reason}${where}`);
}

/** Any character from 1 to 126 may be escaped. */
function isEscape(reading: Reading): boolean {
  const next = reading.source.charCodeAt(reading.at + 1);
  return here(reading, '\\') && next >= 1 && next <= 126;
}

function put(reading: Reading, character: string) {
  reading.text += character;
  reading.lineStart = character === '\n';
}

function step(reading: Reading) {
  const { source, open, quoteFrom } = reading;
  const top = open.at(-1);
  const character = String.fromCodePoint(source.codePointAt(reading.at) ?? 0);
  const isEnd = top !== undefined && here(reading, closing(top.kind));
  const isCode = top?.kind === 'Code' || top?.kind === 'Pre';
  if (isEscape(reading)) {
    put(reading, source[reading.at + 1] ?? '');
    reading.at += 2;
  } else if (isEnd && !(top.kind === 'Italic' && here(reading, '__'))) {
    finish(reading, top);
  } else if (isCode && character !== '`') {
    put(reading, character);
    reading.at += character.length;
  } else if (character === '\n') {
    if (source[reading.at + 1] !== '>') endQuote(reading, 'blockquote');
    put(reading, character);
    reading.at += 1;
  } else if (character === '>' && reading.lineStart && (top === undefined || quoteFrom !== undefined)) {
    reading.quoteFrom ??= reading.text.length;
    reading.lineStart = false;
    reading.at += 1;
  } else if (quoteFrom !== undefined && top === undefined && /^\|\|(?:$|\n(?!>))/.test(rest(reading))) {
    endQuote(reading, 'expandable_blockquote');
    reading.at += 2;
  } else if (reserved.includes(character)) {
    begin(reading, character);
  } else {
    put(reading, character);
    reading.at += character.length;
  }
}

function endQuote(reading: Reading, type: 'blockquote' | 'expandable_blockquote') {
  const { quoteFrom: offset, text, entities } = reading;
  reading.quoteFrom = undefined;
  if (offset !== undefined && text.length > offset)
    entities.push({ type, offset, length: text.length - offset });
}

function begin(reading: Reading, character: string) {
  const [marker, kind] = markers.find(([sign]) => here(reading, sign)) ?? [];
  if (kind === undefined) {
    throw cannot(reading, `Character '${character}' is reserved and must be escaped with the preceding '\\'`);
  }
  // An empty bold entity stands between two quotes that follow each other.
  if (here(reading, '**>')) endQuote(reading, 'blockquote');
  const { at } = reading;
  reading.at += marker.length;
  const language = kind === 'Pre' ? /^[^\s`]+(?=\n)/.exec(rest(reading))?.[0] : undefined;
  if (kind === 'Pre') reading.at += (language ?? '').length;
  if (kind === 'Pre' && here(reading, '\n')) reading.at += 1;
  reading.open.push({ kind, at, offset: reading.text.length, ...(language !== undefined && { language }) });
}

function finish(reading: Reading, { kind, offset, at, language }: Open) {
  reading.open.pop();
  reading.at += closing(kind).length;
  const place = { offset, length: reading.text.length - offset };
  const isLink = kind === 'TextUrl' || kind === 'CustomEmoji';
  const target = isLink ? readTarget(reading) : undefined;
  if (kind === 'CustomEmoji' && target === undefined) {
    throw cannot(reading, 'Custom emoji entity must contain a tg://emoji URL', at);
  }
  if (place.length === 0) return;
  if (isLink) {
    const link = linkEntity(target ?? reading.text.slice(offset), place);
    if (link !== undefined) reading.entities.push(link);
  } else if (kind === 'Pre') reading.entities.push({ type: 'pre', ...place, ...(language && { language }) });
  else reading.entities.push({ type: simple[kind], ...place });
}

/** The part in parentheses behind `]`; nothing when there is none. */
function readTarget(reading: Reading): string | undefined {
  if (!here(reading, '(')) return undefined;
  const from = reading.at++;
  let target = '';
  while (!here(reading, ')')) {
    if (reading.at >= reading.source.length) throw cannot(reading, "Can't find end of a URL", from);
    if (isEscape(reading)) reading.at += 1;
    target += reading.source[reading.at++];
  }
  reading.at += 1;
  return target;
}

function closing(kind: Kind): string {
  if (kind === 'TextUrl' || kind === 'CustomEmoji') return ']';
  return markers.find(([, name]) => name === kind)?.[0] ?? '';
}

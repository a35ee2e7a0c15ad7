import type { Token } from 'markdown-it';
import remend, { type RemendOptions } from 'remend';
import { withLink } from './heal-link.ts';
import { mayCloseSpoiler, mayOpenSpoiler } from './spoiler.ts';

/**
 * remend 1.4 closes the kinds of marks in an order of its own, not that in which they were opened: of **a `b it makes
 * **a `b**`. So code, formulas and spoilers are closed before; and links, images and tags are none of its business, as
 * it hides what stands behind a [ or a < without a limit.
 */
const options: RemendOptions = {
  links: false,
  images: false,
  htmlTags: false,
  setextHeadings: false,
  comparisonOperators: false,
  singleTilde: false,
  katex: false,
};

/** Marks that may become the beginning of anything: a list, a rule, a heading, a fence, a table, a definition. */
const begun = new RegExp(
  String.raw`^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:${[
    String.raw`[-=_*+#~\x60|:>$\s]+`,
    String.raw`\d{1,9}[.)]?\s*`,
    String.raw`\[[ xX]?\]?\s*`,
    String.raw`[\x60~]{3,}[^\n]*`,
    String.raw`\[(?:\^?\d*\]?|[^\]\n]*\]:[^\n]*)`,
    String.raw`\\(?:\[[\d\s,]*\\?)?`,
  ].join('|')})$`,
);

const partOfFence = /^[ \t>]*(?:`+|~+)$/;

/** The source without a last line of which nobody can tell yet what it becomes. */
export function healBlocks(source: string, tokens: readonly Token[]): string {
  const at = source.lastIndexOf('\n') + 1;
  const last = source.slice(at);
  const leaf = tokens.findLast(({ nesting, type }) => nesting === 0 || type === 'table_close');
  if (last === '' || last.length > 300) return source;
  const code = leaf?.type === 'fence' && (leaf.map?.[1] ?? 0) > source.slice(0, at).split('\n').length - 1;
  if (!code) return begun.test(last) ? source.slice(0, at) : source;
  // Its own first line is the last one: which language, is not said yet.
  const isOpening = leaf.map?.[0] === source.split('\n').length - 1;
  return isOpening || partOfFence.test(last) ? source.slice(0, at) : source;
}

/** Closes what is open in the last words, so that no marks flash up. Only these words are looked at. */
export function healInline(tokens: readonly Token[]): void {
  const last = tokens.findLastIndex(({ nesting }) => nesting === 0);
  const isCell = /^t[dh]_close$/.test(tokens[last + 1]?.type ?? '');
  // Of the last row, the cells that have not come yet are empty.
  const row = tokens.findLastIndex(({ type }) => type === 'tr_open');
  const token = isCell
    ? tokens.findLast(({ type, content }, at) => at > row && type === 'inline' && content !== '')
    : tokens[last];
  if (token?.type !== 'inline') return;
  token.content = healed(isCell ? token.content : withoutTableHead(token.content));
}

/** Closes the styles and code that are open in the last words, and nothing else. Gives the marks that do so. */
export function closeInline(tokens: readonly Token[]): string {
  const token = tokens.findLast(({ nesting }) => nesting === 0);
  if (token?.type !== 'inline') return '';
  const words = token.content.trimEnd();
  const closed = remend(withSpoiler(withCode(words)), options);
  const marks = closed.startsWith(words) ? closed.slice(words.length) : '';
  if (!/^[*_~`|]+$/.test(marks)) return '';
  token.content = closed;
  return marks;
}

function healed(text: string): string {
  const words = withLink(withFormula(withCode(text)))
    .replace(/(\*\*\*[^*\n]+)\*{1,2}$/, '$1')
    .replace(/(~~[^~]*[^~\s])~$/, '$1');
  return remend(withSpoiler(withoutOpenMark(withoutFree(words))), options);
}

/** Without a mark at the end that closes nothing. */
function withoutOpenMark(text: string): string {
  const [, before = '', mark = ''] =
    /^([\s\S]*?)(\*{1,3}|_{1,3}|~{1,2}|\${1,2}|!)$/.exec(text.trimEnd()) ?? [];
  if (mark === '') return text;
  const isFree = /(?:^|\s)$/.test(before);
  const isOpen = (before.split(mark).length - 1) % 2 === 0 && mark !== '!';
  const isInWord = !/[*~]/.test(mark) && /[\p{L}\p{N}]$/u.test(before);
  return isFree || (isOpen && !isInWord) ? before : text;
}

/** Closes code that is open; without its mark when nothing of it has come. */
function withCode(text: string): string {
  let open: { readonly mark: string; readonly at: number } | undefined;
  for (const { 0: mark, index } of text.matchAll(/(?<!\\)`+/g)) {
    if (!open) open = { mark, at: index };
    else if (open.mark.length === mark.length) open = undefined;
  }
  if (!open) return text;
  const inside = text.slice(open.at + open.mark.length).replace(/`+$/, '');
  return inside.trim() === ''
    ? text.slice(0, open.at)
    : text.slice(0, open.at) + open.mark + inside + open.mark;
}

/** Closes a formula that is open. */
function withFormula(text: string): string {
  const at = text.search(/\\\((?![\s\S]*\\\))/);
  if (at === -1) return text;
  const inside = text.slice(at + 2).replace(/\\$/, '');
  return inside.trim() === '' ? text.slice(0, at) : `${text.slice(0, at)}\\(${inside}\\)`;
}

const solid =
  /(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|\\\([\s\S]*?\\\)|\$\$[^$]*\$\$|(?<=^|\s)(\*{2,3}|_{1,3}|~~)(?=\s)/g;

/** A mark between spaces opens nothing: `2 ** 10`. */
const withoutFree = (text: string) =>
  text.replace(solid, (whole, _code, mark?: string) => (mark ? mark.replace(/./g, '\\$&') : whole));

function withSpoiler(text: string): string {
  let open: number | undefined;
  for (const { 0: mark, index } of text.matchAll(/`[^`]*`|\|\|/g)) {
    if (mark !== '||') continue;
    if (open === undefined) open = mayOpenSpoiler(text, index) ? index : undefined;
    else if (mayCloseSpoiler(text, index)) open = undefined;
  }
  if (open === undefined) return text.replace(/(^|\s)\|{1,2}$/, '$1');
  const inside = text
    .slice(open + 2)
    .replace(/\|$/, '')
    .trimEnd();
  return `${text.slice(0, open + 2)}${inside}||`;
}

/** A line with a `|` may prove to be the head of a table when the next one has come: from there on nothing is shown. */
function withoutTableHead(text: string): string {
  const lines = text.split('\n');
  const isSeparator = lines.length > 1 && /^[\s|:-]*$/.test(lines.at(-1) ?? '');
  const head = lines.at(isSeparator ? -2 : -1) ?? '';
  const column = head.length < 1_000 ? head.replace(/`[^`]*`|\\.|\|\||\|$/g, hidden).indexOf('|') : -1;
  if (column === -1) return text;
  return [...lines.slice(0, isSeparator ? -2 : -1), head.slice(0, column)].join('\n').trimEnd();
}

const hidden = (text: string) => ' '.repeat(text.length);

import type { Token } from 'markdown-it';
import remend, { type RemendOptions } from 'remend';

const options: RemendOptions = {
  linkMode: 'text-only',
  setextHeadings: false,
  comparisonOperators: false,
  singleTilde: false,
  katex: false,
};

/** Marks that may become the beginning of anything: a list, a rule, a heading, a fence, a table. */
const begun =
  /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:[-=_*+#~`|:>\s]+|\d{1,9}[.)]?|\[[ xX]?\]?|[`~]{3,}[^\n]*|\[[^\]\n]*\]:[^\n]*|(?:\$\$|\\\[?))$/;

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
  const at = tokens.findLastIndex(({ nesting }) => nesting === 0);
  const token = tokens[at];
  if (token?.type !== 'inline') return;
  const isCell = tokens[at + 1]?.type === 'td_close' || tokens[at + 1]?.type === 'th_close';
  token.content = healed(isCell ? token.content : withoutTableHead(token.content));
}

/** Closes the styles and code that are open in the last words, and nothing else. Gives the marks that do so. */
export function closeInline(tokens: readonly Token[]): string {
  const token = tokens.findLast(({ nesting }) => nesting === 0);
  if (token?.type !== 'inline') return '';
  const words = token.content.trimEnd();
  const closed = remend(withSpoiler(words), options);
  const marks = closed.startsWith(words) ? closed.slice(words.length) : '';
  if (!/^[*_~`|]+$/.test(marks)) return '';
  token.content = closed;
  return marks;
}

function healed(text: string): string {
  const words = text
    .replace(/(^|[\s(（「“])(?:[*_~]{1,3}|\|{1,2}|`{1,2}|!?\[\^?|!)$/, '$1')
    .replace(/([^\s*_~`])(?:~|`{2})$/, '$1')
    .trimEnd();
  const closed = remend(withSpoiler(words), options);
  return closed
    .replace(/!\[[^\]]*\]\(streamdown:incomplete-image\)/g, '')
    .replace(/(^|[\s\p{P}])(?:\*{1,3}|~~|`)$/u, (mark, before: string) => (isOpen(closed) ? before : mark));
}

/** Whether the mark at the end closes nothing. */
function isOpen(text: string): boolean {
  const [mark = ''] = /(?:\*{1,3}|~~|`)$/.exec(text) ?? [];
  return mark !== '' && (text.split(mark).length - 1) % 2 === 1;
}

function withSpoiler(text: string): string {
  const marks = text.replace(/`[^`]*`/g, '').split('||').length - 1;
  if (marks % 2 === 0) return text;
  const open = text.lastIndexOf('||');
  const inside = text.slice(open + 2).replace(/\|$/, '');
  return inside.trim() === '' ? text.slice(0, open) : `${text.slice(0, open + 2)}${inside}||`;
}

/** A line with a `|` may prove to be the head of a table when the next one has come. */
function withoutTableHead(text: string): string {
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  const before = lines.at(-2) ?? '';
  const isSeparator = /^[\s|:-]*$/.test(last) && mayBeHead(before);
  if (isSeparator) return lines.slice(0, -2).join('\n');
  return mayBeHead(last) ? lines.slice(0, -1).join('\n') : text;
}

const mayBeHead = (line: string) =>
  line.length < 1_000 && line.replace(/`[^`]*`|\\.|\|\|/g, '').includes('|');

import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';
import { spoiler } from './spoiler.ts';

/** What chat knows beyond CommonMark and GFM: spoilers, formulas, bare addresses, notes. */
export function chatRules(md: MarkdownIt): void {
  md.inline.ruler.at('text', text);
  md.inline.ruler.before('escape', 'math', math);
  md.inline.ruler.before('escape', 'url', bareUrl);
  md.inline.ruler.before('emphasis', 'spoiler', spoiler);
  md.inline.ruler.before('link', 'note', note);
  md.inline.ruler.before('link', 'bracket', bracket);
  md.block.ruler.before('table', 'table behind an item', tableBehind, { alt: ['paragraph'] });
  md.block.ruler.before('fence', 'formula', formula, { alt: ['paragraph', 'blockquote', 'list'] });
  md.block.ruler.before('reference', 'footnote', footnote);
}

const plain = /[^\n!#$%&*+\-:<=>@[\\\]^_`{|}~]+/y;

/** As the parser's own, but it stops at `|` too. */
function text(state: StateInline, silent: boolean): boolean {
  plain.lastIndex = state.pos;
  const [found] = plain.exec(state.src.slice(0, state.posMax)) ?? [];
  if (found === undefined) return false;
  if (!silent) state.pending += found;
  state.pos += found.length;
  return true;
}

const formulas: readonly RegExp[] = [
  /\\\(([\s\S]+?)\\\)/y,
  /\\\[([\s\S]+?)\\\]/y,
  /\$\$([^$]+)\$\$/y,
  // Two sums of money are no formula: there must be something that only formulas have.
  /\$(?![\s\d.,]*\s)((?=[^$]*[\\^_{=])[^\s$](?:[^$\n]*[^\s$])?)\$(?!\d)/y,
];

/** A source that is quoted, with brackets that are escaped: `\\[1\\]`. */
const citation = /^\\\[[\d\s,，、–-]+\\\]$/;

function math(state: StateInline, silent: boolean): boolean {
  const { pos, src, posMax } = state;
  const first = src[pos];
  if (first !== '\\' && first !== '$') return false;
  for (const formula of formulas) {
    formula.lastIndex = pos;
    const [whole = '', inner = ''] = formula.exec(src) ?? [];
    if (whole === '' || pos + whole.length > posMax) continue;
    if (!silent && citation.test(whole)) state.pending += `[${inner.trim()}]`;
    else if (!silent) state.push('math', '', 0).content = inner.trim();
    state.pos += whole.length;
    return true;
  }
  if (!/^\\[()[\]]/.test(src.slice(pos, pos + 2)) || !isFormulaBorder(src, pos)) return false;
  if (!silent) state.pending += src.slice(pos, pos + 2);
  state.pos += 2;
  return true;
}

/** Of a formula whose other end is not there, as opposed to a bracket that is escaped: `\[x](y)`, `\[x\](y)`. */
const isFormulaBorder = (src: string, pos: number) =>
  /^\\[([]/.test(src.slice(pos)) ? !src.slice(pos + 2).includes(']') : false;

const address = /:\/\/[\x21-\x7e]+/y;

/** An address keeps its `_` and `*`. */
function bareUrl(state: StateInline, silent: boolean): boolean {
  const { pos, src } = state;
  if (src[pos] !== ':' || state.linkLevel > 0) return false;
  const [scheme] = /(?<![a-z\d])https?$/i.exec(state.pending) ?? [];
  if (!scheme) return false;
  address.lastIndex = pos;
  const [found = ''] = address.exec(src.slice(0, state.posMax)) ?? [];
  const isEmphasised = src[pos - scheme.length - 1] === '_';
  const rest = found
    .replace(/[<>"`|\\].*|\*\*.*/, '')
    .replace(isEmphasised ? /[*_~.,;:!?'")\]]+$/ : /[*~.,;:!?'")\]]+$/, '');
  const brackets = rest.includes('(') && found[rest.length] === ')' ? `${rest})` : rest;
  if (brackets.length <= 3) return false;
  if (!silent) {
    state.pending = state.pending.slice(0, -scheme.length);
    state.push('url', '', 0).content = scheme + brackets;
  }
  state.pos += brackets.length;
  return true;
}

/** One that can begin no link. The parser's own rules would read on to the end at each of them. */
function bracket(state: StateInline, silent: boolean): boolean {
  const mark = state.src.startsWith('![', state.pos) ? '![' : '[';
  if (!state.src.startsWith(mark, state.pos)) return false;
  const isDefined = Object.keys(state.env.references ?? {}).length > 0;
  if (state.src.includes(isDefined ? ']' : '](', state.pos)) return false;
  if (!silent) state.pending += mark;
  state.pos += mark.length;
  return true;
}

const noteMark = /\[\^([^\s\]]+?)\^?\](?!\()/y;

/** A footnote's mark: `[^1]`, or `[^1^]`, is shown as `[1]`, where it is used and where it is explained. */
function note(state: StateInline, silent: boolean): boolean {
  noteMark.lastIndex = state.pos;
  const [mark, label] = noteMark.exec(state.src) ?? [];
  if (mark === undefined) return false;
  if (!silent) state.pending += `[${label}]`;
  state.pos += mark.length;
  return true;
}

/** An explanation of a footnote is text, and no definition of a link. */
function footnote(state: StateBlock, start: number, _end: number, silent: boolean): boolean {
  const line = lineAt(state, start);
  if (silent || (state.sCount[start] ?? 0) - state.blkIndent >= 4 || !/^\[\^[^\s\]]+\]:/.test(line))
    return false;
  const token = state.push('paragraph_open', 'p', 1);
  token.map = [start, start + 1];
  const inline = state.push('inline', '', 0);
  inline.content = line.trim();
  inline.map = [start, start + 1];
  inline.children = [];
  state.push('paragraph_close', 'p', -1);
  state.line = start + 1;
  return true;
}

const lineAt = (state: StateBlock, line: number) =>
  state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);

const separator = /^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$/;

/** A table that follows the words of an item at once is none of its words: models leave the blank line away. */
function tableBehind(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const indent = state.sCount[start] ?? 0;
  if (!silent || indent < 0 || indent >= state.blkIndent || start + 2 > end) return false;
  const [head, below] = [lineAt(state, start).trim(), lineAt(state, start + 1).trim()];
  return (
    head.includes('|') && below.includes('|') && separator.test(below) && columns(head) === columns(below)
  );
}

const columns = (line: string) => line.replace(/^\||(?<!\\)\|$/g, '').split(/(?<!\\)\|/).length;

const ends: Record<string, string> = { '\\[': '\\]', $$: '$$' };

/** A formula that begins a line, and ends one: whatever is in between is no Markdown. */
function formula(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  if ((state.sCount[start] ?? 0) - state.blkIndent >= 4) return false;
  const first = lineAt(state, start);
  const marker = first.slice(0, 2);
  const closing = ends[marker];
  if (closing === undefined) return false;
  // Looked for once, as a text may be full of beginnings.
  const unclosed = `no ${closing} before ${end}`;
  if (state.env[unclosed]) return false;
  const lines: string[] = [];
  for (let at = start; at < end; at++) {
    const isInside = at === start || state.isEmpty(at) || (state.sCount[at] ?? 0) >= state.blkIndent;
    if (!isInside) return false;
    const line = at === start ? first.slice(2) : lineAt(state, at);
    const stop = line.indexOf(closing);
    if (stop !== -1 && line.slice(stop + 2).trim() !== '') return false;
    if (at === start && citation.test(`${marker}${line.slice(0, stop + 2)}`)) return false;
    lines.push(stop === -1 ? line : line.slice(0, stop));
    // While it grows, its end is still to come.
    if (stop === -1 && (state.env.ending !== 'healed' || at < end - 1 || end < state.lineMax)) continue;
    if (silent) return true;
    const token = state.push('formula', '', 0);
    token.content = lines.join('\n').trim();
    token.map = [start, at + 1];
    token.markup = marker;
    state.line = at + 1;
    return true;
  }
  state.env[unclosed] = true;
  return false;
}

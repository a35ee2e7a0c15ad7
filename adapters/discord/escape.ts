/** Words so that Discord shows them as they are. What cannot become a mark there is left alone. */
export const escapeText = (text: string): string => settleUnderscores(escapeWords(text));

/** Stands for a `_` within a word until the words around it are known. No text has this character. */
const undecided = '\0';

/** For Discord a `_` within a word opens italics where a later one ends a word, even one in an address or in code. */
export function settleUnderscores(text: string): string {
  if (!text.includes(undecided)) return text;
  const last = [...text.matchAll(/(?<!\\)_(?![\w\0])/g)].at(-1)?.index ?? -1;
  return text.replaceAll(undecided, (_, at: number) => (at < last ? '\\_' : '_'));
}

/** As `escapeText`, but nothing is decided about a `_` within a word. */
export function escapeWords(text: string): string {
  return text
    .replaceAll(undecided, '')
    .replace(/\\(?=[\p{P}\p{S}])/gu, '\\\\')
    .replace(/`/g, '\\`')
    .replace(/\*+/g, escapeStars)
    .replace(/_+/g, escapeUnderscores)
    .replace(/~~+/g, everyMark)
    .replace(/\|\|+/g, everyMark)
    .replace(/\]\(/g, ']\\(');
}

const everyMark = (marks: string) => marks.replace(/./g, '\\$&');

/** A star between spaces is none: `5 * 3`. */
function escapeStars(stars: string, at: number, text: string): string {
  const isFree = stars.length === 1 && /^\s?$/.test(text[at - 1] ?? ' ') && /^\s$/.test(text[at + 1] ?? ' ');
  return isFree ? stars : everyMark(stars);
}

/** One within a word is none: `snake_case`. */
function escapeUnderscores(marks: string, at: number, text: string): string {
  const isInWord =
    marks.length === 1 && /[a-z\d]/i.test(text[at - 1] ?? '') && /[a-z\d]/i.test(text[at + 1] ?? '');
  return isInWord ? undecided : everyMark(marks);
}

/** What begins a line like this would make a heading, a list or a quote of it. */
export function escapeLineStart(line: string): string {
  return line.replace(/^(\s*)(#{1,3}\s|-#|[-*+]\s|>\s|>>>)/, '$1\\$2');
}

/** Code for a span; Discord knows one and two backticks around it. */
export function codeSpan(text: string): string {
  const code = text.replace(/\s*\n\s*/g, ' ');
  if (!code.includes('`')) return `\`${code}\``;
  const broken = code.replace(/``/g, '`\u200b`');
  return `\`\`${broken.startsWith('`') ? ' ' : ''}${broken}${broken.endsWith('`') ? ' ' : ''}\`\``;
}

/** Code for a block: three backticks inside would end it, and longer fences are not known. */
export function fence(code: string, language: string): string {
  const known = /^[\w+#.-]{1,40}$/.test(language) ? language : '';
  const text = code.replace(/``(?=`)/g, '``\u200b');
  return `\`\`\`${known}\n${text}\n\`\`\``;
}

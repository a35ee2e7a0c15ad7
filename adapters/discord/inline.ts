import { type Inline, isVisible, plainText } from '../../src/text/tree.ts';
import { codeSpan, escapeWords, settleUnderscores } from './escape.ts';

/** In what the words stand, as it would be said twice otherwise. */
export interface Around {
  readonly isBold: boolean;
  readonly isItalic: boolean;
}

export const nothing: Around = { isBold: false, isItalic: false };

/** Words in Discord's own Markdown. */
export const inlineText = (nodes: readonly Inline[], around: Around = nothing): string =>
  settleUnderscores(wordsOf(nodes, around));

function wordsOf(nodes: readonly Inline[], around: Around): string {
  let text = '';
  for (const node of nodes) {
    const next = nodeText(node, around);
    // The marks of two neighbours would become one.
    const isMerged = /[*_~|`]$/.test(text) && next[0] === text.at(-1) && !/\\[^`]$/.test(text);
    text += isMerged ? `\u200b${next}` : next;
  }
  return text;
}

function nodeText(node: Inline, around: Around): string {
  switch (node.kind) {
    case 'text':
      return escapeWords(node.text);
    case 'url':
      return node.text;
    case 'break':
      return '\n';
    case 'code':
    case 'math':
      return codeSpan(node.text);
    case 'bold':
      return around.isBold
        ? wordsOf(node.children, around)
        : styled('**', node.children, { ...around, isBold: true }, around);
    case 'italic':
      return around.isItalic
        ? wordsOf(node.children, around)
        : styled(around.isBold ? '_' : '*', node.children, { ...around, isItalic: true }, around);
    case 'strike':
      return styled('~~', node.children, around, around);
    case 'spoiler':
      return styled('||', node.children, around, around);
    case 'link':
      return linkText(node.url, wordsOf(node.children, around), plainText(node.children));
  }
}

/** Discord looks for the end of a style in code too: code that holds its mark stays outside. */
function styled(mark: string, nodes: readonly Inline[], inside: Around, outside: Around): string {
  const at = nodes.findIndex((node) => holds(node, mark));
  if (at === -1) return wrapped(mark, wordsOf(nodes, inside));
  const before = wrapped(mark, wordsOf(nodes.slice(0, at), inside));
  return (
    before + wordsOf(nodes.slice(at, at + 1), outside) + styled(mark, nodes.slice(at + 1), inside, outside)
  );
}

function holds(node: Inline, mark: string): boolean {
  if ('children' in node) return node.children.some((child) => holds(child, mark));
  return (node.kind === 'code' || node.kind === 'math') && node.text.includes(mark);
}

/** Marks around nothing, or with a space inside, would be shown as they are. */
function wrapped(mark: string, text: string): string {
  const [, before = '', inside = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return isVisible(inside) ? before + mark + inside + mark + after : text;
}

/** Discord makes no link of words that are an address themselves. */
function linkText(url: string, label: string, words: string): string {
  // A `_` that ends a word could close italics.
  const address = url
    .replaceAll('(', '%28')
    .replaceAll(')', '%29')
    .replace(/_(?!\w)/g, '%5F');
  if (/https?:\/\/|^www\./i.test(words)) return `${label} (<${address}>)`;
  const shown = label
    .replace(/\s*\n\s*/g, ' ')
    .replace(/(?<!\\)(`+)[^`][\s\S]*?\1|(?<!\\)[[\]]/g, (found) =>
      found.length === 1 ? `\\${found}` : found,
    );
  return `[${shown.trim()}](${address})`;
}

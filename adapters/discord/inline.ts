import { type Inline, isVisible, plainText } from '../../src/text/tree.ts';
import { codeSpan, escapeText } from './escape.ts';

/** In what the words stand, as it would be said twice otherwise. */
export interface Around {
  readonly isBold: boolean;
  readonly isItalic: boolean;
}

export const nothing: Around = { isBold: false, isItalic: false };

/** Words in Discord's own Markdown. */
export function inlineText(nodes: readonly Inline[], around: Around = nothing): string {
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
      return escapeText(node.text);
    case 'url':
      return node.text;
    case 'break':
      return '\n';
    case 'code':
    case 'math':
      return codeSpan(node.text);
    case 'bold':
      return around.isBold
        ? inlineText(node.children, around)
        : wrapped('**', inlineText(node.children, { ...around, isBold: true }));
    case 'italic': {
      if (around.isItalic) return inlineText(node.children, around);
      const mark = around.isBold ? '_' : '*';
      return wrapped(mark, inlineText(node.children, { ...around, isItalic: true }));
    }
    case 'strike':
      return wrapped('~~', inlineText(node.children, around));
    case 'spoiler':
      return wrapped('||', inlineText(node.children, around));
    case 'link':
      return linkText(node.url, inlineText(node.children, around), plainText(node.children));
  }
}

/** Marks around nothing, or with a space inside, would be shown as they are. */
function wrapped(mark: string, text: string): string {
  const [, before = '', inside = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? [];
  return isVisible(inside) ? before + mark + inside + mark + after : text;
}

/** Discord makes no link of words that are an address themselves. */
function linkText(url: string, label: string, words: string): string {
  const address = url.replaceAll('(', '%28').replaceAll(')', '%29');
  if (/https?:\/\/|^www\./i.test(words)) return `${label} (<${address}>)`;
  const shown = label.replace(/\s*\n\s*/g, ' ').replace(/(?<!\\)[[\]]/g, '\\$&');
  return `[${shown.trim()}](${address})`;
}

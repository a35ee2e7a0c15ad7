import type { Token } from 'markdown-it';
import { safeUrl } from './safe-url.ts';
import { type Inline, isVisible, plainText, type Style } from './tree.ts';

const styles: Readonly<Record<string, Style>> = {
  strong_open: 'bold',
  em_open: 'italic',
  s_open: 'strike',
  spoiler_open: 'spoiler',
};

/** The words of a paragraph. */
export function toInline(tokens: readonly Token[]): Inline[] {
  return read({ tokens, at: 0 });
}

interface Reading {
  readonly tokens: readonly Token[];
  at: number;
}

function read(reading: Reading): Inline[] {
  const found: Inline[] = [];
  for (;;) {
    const token = reading.tokens[reading.at++];
    if (!token || token.nesting === -1) return found;
    if (token.nesting === 1) found.push(...spanOf(token, read(reading)));
    else found.push(...leafOf(token));
  }
}

function spanOf(token: Token, children: Inline[]): Inline[] {
  if (token.type === 'link_open') return linkTo(String(token.attrGet('href') ?? ''), children);
  const style = styles[token.type];
  return style && children.length > 0 ? [{ kind: style, children }] : children;
}

function leafOf(token: Token): Inline[] {
  switch (token.type) {
    case 'softbreak':
    case 'hardbreak':
      return [{ kind: 'break' }];
    case 'code_inline':
      return [{ kind: 'code', text: token.content }];
    case 'math':
      return [{ kind: 'math', text: token.content }];
    case 'url':
      return [{ kind: 'url', text: token.content }];
    case 'image':
      return imageOf(token);
    default:
      return textOf(token.content);
  }
}

function imageOf(token: Token): Inline[] {
  const alt = plainText(toInline(token.children ?? []));
  return linkTo(String(token.attrGet('src') ?? ''), [{ kind: 'text', text: alt.trim() || '🖼' }]);
}

/** The words stay where the address is none that may be opened; an address that is its own text needs no link. */
function linkTo(address: string, children: Inline[]): Inline[] {
  const url = safeUrl(address);
  if (url === undefined) return children;
  const words = plainText(children);
  if (!isVisible(words) || words === address || words === url) return [{ kind: 'url', text: url }];
  return [{ kind: 'link', url, children: withoutLinks(children) }];
}

function withoutLinks(nodes: readonly Inline[]): Inline[] {
  return nodes.flatMap((node): Inline[] => {
    if (node.kind === 'link') return withoutLinks(node.children);
    if (node.kind === 'url') return [{ kind: 'text', text: node.text }];
    return 'children' in node ? [{ ...node, children: withoutLinks(node.children) }] : [node];
  });
}

/** HTML stays text, but for its line break. */
function textOf(text: string): Inline[] {
  if (text === '') return [];
  if (!/<br/i.test(text)) return [{ kind: 'text', text }];
  const pieces = text.split(/<br\s*\/?>/i);
  return pieces.flatMap((piece, index): Inline[] => [
    ...(index > 0 ? [{ kind: 'break' } as const] : []),
    ...(piece === '' ? [] : [{ kind: 'text', text: piece } as const]),
  ]);
}

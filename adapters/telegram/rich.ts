import { type Block, type Inline, type Item, plainText, type Style } from '../../src/text/tree.ts';

/**
 * A part as the Markdown of rich messages, which is nearly GFM. Telegram reads sums of money as formulas, runs HTML,
 * and fetches images: of what it must not, nothing is left.
 */
export function richSource(blocks: readonly Block[]): string {
  return linesOf(blocks)
    .join('\n')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
}

function linesOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block, index) => [...(index > 0 ? [''] : []), ...blockLines(block)]);
}

function blockLines(block: Block): string[] {
  switch (block.kind) {
    case 'paragraph':
      return paragraphLines(block.children);
    case 'heading':
      return [`${'#'.repeat(block.level)} ${inlineSource(block.children).replaceAll('\n', ' ')}`];
    case 'code':
      return fenced(block.text, block.language);
    case 'math':
      return ['$$', ...block.text.replaceAll('$', '').split('\n').filter(Boolean), '$$'];
    case 'table':
      return tableSource(block.rows, block.alignments);
    case 'rule':
      return ['---'];
    case 'list':
      return block.items.flatMap(itemLines);
    case 'quote':
      return quoted(linesOf(block.blocks));
    case 'reasoning':
      return quoted(['💭', '', ...linesOf(block.blocks)]);
  }
}

const quoted = (lines: readonly string[]) => lines.map((line) => `> ${line}`.trimEnd());

/** A line of text that would begin a block is none. */
function paragraphLines(children: readonly Inline[]): string[] {
  return inlineSource(children)
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/^(\d+)(?=[.)](?:\s|$))/, '$1\\')
        .replace(/^(?=[-+#:>])/, '\\'),
    );
}

function fenced(code: string, language: string): string[] {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map(({ length }) => length));
  const marker = '`'.repeat(longest + 1);
  return [marker + (/^[\w+#.-]{1,40}$/.test(language) ? language : ''), ...code.split('\n'), marker];
}

function itemLines(item: Item): string[] {
  const lines = linesOf(item.blocks);
  // It has begun in an earlier part, with its mark.
  if (item.resumed) return lines.length === 0 ? [] : [...lines, ''];
  const mark = item.number === undefined ? '- ' : `${item.number}. `;
  const box = item.done === undefined ? '' : item.done ? '[x] ' : '[ ] ';
  const [first = '', ...rest] = lines;
  return [mark + box + first, ...rest.map((line) => (line === '' ? '' : ' '.repeat(mark.length) + line))];
}

/** A table may have no more. */
const mostColumns = 20;

const rules = { left: ':--', center: ':-:', right: '--:' } as const;

function tableSource(
  rows: readonly (readonly (readonly Inline[])[])[],
  alignments: (Block & { kind: 'table' })['alignments'],
): string[] {
  const count = Math.min(mostColumns, alignments.length);
  const lines = rows.map((row) => {
    const cells = row.map((cell) =>
      inlineSource(cell)
        .replaceAll('\n', ' ')
        .replace(/(?<!\\)\|/g, '\\|'),
    );
    const shown = [
      ...cells.slice(0, count - 1),
      cells
        .slice(count - 1)
        .filter(Boolean)
        .join(' / '),
    ];
    return `| ${shown.join(' | ')} |`;
  });
  const rule = alignments.slice(0, count).map((alignment) => (alignment ? rules[alignment] : '---'));
  return [...lines.slice(0, 1), `| ${rule.join(' | ')} |`, ...lines.slice(1)];
}

const marks: Readonly<Record<Style, string>> = { bold: '**', italic: '*', strike: '~~', spoiler: '||' };

function inlineSource(nodes: readonly Inline[]): string {
  return nodes.map(nodeSource).join('');
}

function nodeSource(node: Inline): string {
  switch (node.kind) {
    case 'text':
      return escaped(node.text);
    case 'break':
      return '\n';
    case 'url':
      return linkSource(node.text, escaped(node.text));
    case 'link':
      return linkSource(node.url, inlineSource(node.children).replaceAll('\n', ' '));
    case 'code':
      return codeSource(node.text);
    case 'math':
      return `$${node.text.replace(/[$\n]/g, ' ').trim()}$`;
    default: {
      const inside = inlineSource(node.children);
      return plainText(node.children).trim() === '' ? inside : marks[node.kind] + inside + marks[node.kind];
    }
  }
}

const escaped = (text: string) =>
  text.replace(/[\\`*_[\]<>~$|&=!{}]/g, '\\$&').replace(/\r\n?|[\u2028\u2029]/g, '\n');

const linkSource = (url: string, label: string) =>
  `[${label}](${url.replace(/[()\\<>|$`]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)})`;

function codeSource(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const marker = '`'.repeat(longest + 1);
  const space = /^`|`$/.test(text) ? ' ' : '';
  return marker + space + text.replace(/\s*\n\s*/g, ' ') + space + marker;
}

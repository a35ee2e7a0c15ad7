import { displayWidth } from './table.ts';
import { type Block, type Inline, plainText, type Table } from './tree.ts';

/** What is wider cannot be read on a phone, and hardly on a computer: lines of code are broken, or must be scrolled. */
const widestTable = 80;

type Rows = Table['rows'];

/**
 * Whether the head and the first row are too wide to be shown side by side. The other rows do not count: a table that
 * grows shall stay what it is.
 */
export function isWide(rows: Rows): boolean | undefined {
  const [head = [], first] = rows;
  if (!first) return undefined;
  const widths = head.map((cell, at) => Math.max(widthOf(cell), widthOf(first[at] ?? [])));
  return head.length > 1 && widths.reduce((sum, width) => sum + width + 3, -3) > widestTable;
}

const widthOf = (cell: readonly Inline[]) => displayWidth(plainText(cell).trim());

/** A paragraph for each row of a wide table, which says of each cell what it is. */
export function recordsOf({ rows: [head = [], ...rows], line, endLine }: Table): Block[] {
  return rows.map((row, index) => {
    const [name, ...fields] = row.map((cell, at) => fieldOf(head[at] ?? [], cell));
    const lines = [...(name && name.length > 0 ? [bold(name)] : []), ...fields.filter(isSaid)];
    const children = lines.flatMap((field, at) =>
      at === 0 ? field : [{ kind: 'break' } as const, ...field],
    );
    // There is a blank line between two.
    return { kind: 'paragraph', children, line: index === 0 ? line : endLine + 1, endLine };
  });
}

const bold = (children: readonly Inline[]): Inline[] => [{ kind: 'bold', children }];
const isSaid = (field: readonly Inline[]) => field.length > 0;

function fieldOf(head: readonly Inline[], cell: readonly Inline[]): readonly Inline[] {
  const isEmpty = plainText(cell).trim() === '';
  if (plainText(head).trim() === '') return isEmpty ? [] : cell;
  return [...head, { kind: 'text', text: isEmpty ? ':' : ': ' }, ...(isEmpty ? [] : cell)];
}

/** The links of a table that is shown as code, in which there are none: a line for each. */
export function linksOf({ rows, endLine }: Table): Block | undefined {
  const links = new Map(
    rows
      .flat()
      .flatMap(linksIn)
      .map((link) => [`${link.url} ${plainText(link.children)}`, link]),
  );
  const children = [...links.values()].flatMap((link, at): Inline[] =>
    at === 0 ? [link] : [{ kind: 'break' }, link],
  );
  return links.size === 0 ? undefined : { kind: 'paragraph', children, line: endLine, endLine };
}

const linksIn = (nodes: readonly Inline[]): (Inline & { kind: 'link' })[] =>
  nodes.flatMap((node) => {
    if (node.kind === 'link') return [node];
    return 'children' in node ? linksIn(node.children) : [];
  });

/** An open code fence of Markdown. */
export interface Fence {
  /** What its lines begin with: the indentation and the `>` of quotes. */
  readonly prefix: string;
  readonly marker: string;
  /** The language, and whatever else follows the marker. */
  readonly info: string;
}

const quotesAndLists = String.raw`(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]*`;
const openingLine = new RegExp(`^(${quotesAndLists})(\`{3,}|~{3,})(.*)$`, 's');
const closingLine = /^[> \t]*(`{3,}|~{3,})$/;
const begunClosingLine = /^[> \t]*(?:`*|~*)$/;

/**
 * The fence that is open after this line. More forgiving than CommonMark, as models write: a fence may be
 * indented at will, and nothing but its own marker ends it.
 */
export function afterLine(line: string, open: Fence | undefined): Fence | undefined {
  if (open) {
    const marker = closingLine.exec(line.trim())?.[1] ?? '';
    return marker.startsWith(open.marker) ? undefined : open;
  }
  const [, prefix = '', marker = '', info = ''] = openingLine.exec(line) ?? [];
  if (marker === '' || (marker.startsWith('`') && info.includes('`'))) return undefined;
  return { prefix: prefix.replace(/[^>\s]/g, ' '), marker, info: info.trimEnd() };
}

/** Whether this line, should more of it come, can still end a fence. */
export function mayClose(line: string): boolean {
  return begunClosingLine.test(line.trim());
}

export function openingOf({ prefix, marker, info }: Fence): string {
  return prefix + marker + info;
}

export function closingOf({ prefix, marker }: Fence): string {
  return prefix + marker;
}

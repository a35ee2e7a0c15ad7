import type { Alignment } from './tree.ts';

/** Wider cells stick out, but those of the first rows: alignment by them would make all the others too long to read. */
const widestColumn = 40;

/** The lines of a table in letters of one width: the head, a rule, the rows. */
export function tableLines(
  rows: readonly (readonly string[])[],
  alignments: readonly (Alignment | undefined)[],
): string[] {
  const columns = alignments.map((_, at) => {
    const widths = rows.map((row) => displayWidth(row[at] ?? ''));
    return Math.min(Math.max(widestColumn, ...widths.slice(0, 2)), Math.max(1, ...widths));
  });
  const lines = rows.map((row) =>
    columns
      .map((width, at) => padded(row[at] ?? '', width, alignments[at]))
      .join(' │ ')
      .trimEnd(),
  );
  const rule = columns.map((width) => '─'.repeat(width)).join('─┼─');
  return [...lines.slice(0, 1), rule, ...lines.slice(1)];
}

function padded(text: string, width: number, alignment: Alignment = 'left'): string {
  const space = Math.max(0, width - displayWidth(text));
  const before = { left: 0, center: Math.floor(space / 2), right: space }[alignment];
  return ' '.repeat(before) + text + ' '.repeat(space - before);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many columns a text takes: Chinese characters and emoji take two. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  if (
    !/[\p{M}\p{Extended_Pictographic}\p{Regional_Indicator}\p{Default_Ignorable_Code_Point}\p{Cc}]/u.test(
      text,
    )
  )
    return text.length + (text.match(wideCharacters)?.length ?? 0);
  let width = 0;
  for (const { segment } of graphemes.segment(text))
    width += wide.test(segment) ? 2 : Number(!blank.test(segment));
  return width;
}

const wide =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|.\ufe0f|\p{Regional_Indicator})/u;
const wideCharacters =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/g;
const blank = /^[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Mn}\p{Me}]+$/u;

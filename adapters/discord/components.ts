import type { Button, Part } from '../../src/core/message.ts';

// Of a component: its kind, and how a button looks. None is louder than the answer above it.
const row = 1;
const button = 2;
const secondary = 2;

/** Of Discord: rows, buttons in a row, and characters on a button (components/reference). */
const mostRows = 5;
const mostInRow = 5;
const longestLabel = 80;

/** The buttons of a message, each in a row of its own while there is room: questions are long, and read like a list. */
export function componentsOf({ buttons = [] }: Part) {
  const shown = buttons
    .map(({ label, data }) => ({ type: button, style: secondary, label: labelOf(label), custom_id: data }))
    // One without words would be refused, and the answer with it.
    .filter(({ label }) => label !== '')
    .slice(0, mostRows * mostInRow);
  const inRow = shown.length > mostRows ? mostInRow : 1;
  const rows = Array.from({ length: Math.ceil(shown.length / inRow) }, (_, nth) =>
    shown.slice(nth * inRow, (nth + 1) * inRow),
  );
  return rows.map((components) => ({ type: row, components }));
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function labelOf(label: Button['label']): string {
  const words = label
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[\s\p{Control}]+/gu, ' ')
    .trim();
  if (words.length <= longestLabel) return words;
  let kept = '';
  for (const { segment } of graphemes.segment(words)) {
    if (kept.length + segment.length >= longestLabel) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** Whether a message that was read back has just these buttons. */
export function hasButtons(shown: readonly unknown[], wanted: ReturnType<typeof componentsOf>): boolean {
  return dataIn(shown) === dataIn(wanted);
}

function dataIn(components: readonly unknown[]): string {
  const found = components.map((component) => {
    const { custom_id, components: inner }: Partial<Record<string, unknown>> = Object(component);
    return Array.isArray(inner) ? dataIn(inner) : custom_id;
  });
  return found.join('\n');
}

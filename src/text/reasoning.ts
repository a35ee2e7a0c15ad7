/**
 * How reasoning stands in a source: at its very beginning, from a line `<think>` to a line `</think>`. Elsewhere these are
 * text like any other.
 */
export const reasoningOpening = '<think>';
export const reasoningClosing = '</think>';

/** The source of a reasoning that still grows. */
export function openReasoning(reasoning: string): string {
  // A zero width space keeps the tag in it from ending it.
  const safe = reasoning.replaceAll('</think', '</\u200bthink').trimEnd();
  return `${reasoningOpening}\n${safe}`;
}

/** The source of a reasoning that has ended, to which the answer is added. */
export const closeReasoning = (reasoning: string): string =>
  `${openReasoning(reasoning)}\n${reasoningClosing}\n\n`;

import type { Rendered, Sealed } from '../../src/core/ports/platform.ts';
import { split } from '../../src/text/split.ts';

/** In which unit Discord counts is not documented; UTF-16 units are never fewer than characters. */
const longestText = 2_000;

/** Markdown as it is, for Discord has much of it, in messages that hold just what Discord will keep of them. */
export function renderForDiscord(markdown: string, sealed?: Sealed): Rendered {
  const settled = sealed?.parts ?? 0;
  const { parts, last } = split(markdown, longestText, sealed);
  return {
    sealed: { parts: settled + Math.max(0, parts.length - 1), ...last },
    // Which message of the answer it is: the first one of a slash command is there already.
    parts: parts.map((text, index) => ({ text: keptText(text), format: { nth: settled + index } })),
  };
}

/** White space at the ends is trimmed by the server, and control characters are taken out or refused. */
function keptText(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Control}\n\t]/gu, ' ')
    .trim();
}

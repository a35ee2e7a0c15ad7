import type { Rendered, Sealed } from '../../src/core/ports/platform.ts';
import { split } from '../../src/text/split.ts';

/** Telegram counts characters; UTF-16 units are never fewer. */
const longestText = 4_096;

/** Markdown as plain text, in messages that hold just what Telegram will keep of them. */
export function renderForTelegram(markdown: string, sealed?: Sealed): Rendered {
  const settled = sealed?.parts ?? 0;
  const { parts, last } = split(markdown, longestText, sealed);
  return {
    sealed: { parts: settled + Math.max(0, parts.length - 1), ...last },
    parts: parts.map((text) => ({ text: keptText(text) })),
  };
}

/** What the server does to a text (td/telegram/MessageEntity.cpp), but with TABs kept visible and lines apart. */
function keptText(text: string): string {
  return text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\t/g, '    ')
    .replace(/[^\P{Control}\n]/gu, ' ')
    .replace(/[\u202a-\u202e]|\u030a|\u0333|\u033f/g, '')
    .trim();
}

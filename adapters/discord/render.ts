import type { Rendered } from '../../src/core/ports/platform.ts';
import type { Flavour } from '../../src/text/flavour.ts';
import { type Sealed, toParts } from '../../src/text/parts.ts';
import { compose } from './compose.ts';

/** In which unit Discord counts is not documented; UTF-16 units are never fewer than characters. */
const longestText = 2_000;

/** A smaller message is for tests. */
export const discordFlavour = (longest = longestText): Flavour<string> => ({
  compose,
  nothing: '',
  roomLeft: ({ length }) => ({ units: longest - length, marks: Number.MAX_SAFE_INTEGER }),
  lineCost: 6,
  markCost: 1,
});

const flavour = discordFlavour();

/** Markdown in Discord's own flavour, in messages that hold just what Discord will keep of them. */
export function renderForDiscord(markdown: string, sealed?: Sealed, growing = false): Rendered {
  const { parts, sealed: now } = toParts(markdown, flavour, sealed, growing);
  const first = sealed?.parts ?? 0;
  // Which message of the answer it is: the first one of a slash command is there already.
  return { sealed: now, parts: parts.map((text, index) => ({ text, format: { nth: first + index } })) };
}

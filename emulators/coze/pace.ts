/** How a text streams: deltas of so many characters, so far apart. */
export interface Pace {
  readonly minChars: number;
  readonly maxChars: number;
  readonly everyMs: number;
}

export const defaultPace: Pace = { minChars: 6, maxChars: 10, everyMs: 30 };

/** Cuts between characters, never within an emoji; the same text is always cut the same way. */
export function cutIntoPieces(text: string, { minChars, maxChars }: Pace): string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; ) {
    const size = minChars + ((pieces.length * 3) % (maxChars - minChars + 1));
    pieces.push(characters.slice(at, at + size).join(''));
    at += size;
  }
  return pieces;
}

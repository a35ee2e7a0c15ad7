/** What a terminal would obey, or what would make it show something else than is there. Emoji need U+200D. */
const unsafe = /(?!\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** For programs, with all that is known; a terminal may show it, too. */
export function toJson(value: object): string {
  return JSON.stringify(value).replace(unsafe, escaped);
}

/** By code unit, as JSON wants it. */
function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}

/** Words from outside: at most so many characters of them, and none that a terminal obeys. */
export function onOneLine(text: string, longest: number): string {
  // A huge text is cut first: what is thrown away need not be looked at.
  const line = text
    .slice(0, longest * 10)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(unsafe, '\ufffd');
  const characters = [...line];
  if (characters.length <= longest && text.length <= longest * 10) return line;
  return `${characters.slice(0, longest - 1).join('')}…`;
}

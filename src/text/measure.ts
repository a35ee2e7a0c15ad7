const tabWidth = 4;

/** Not white space, nor a control, zero-width or blank character, nor a mark that Telegram takes out. */
const visible = /(?!\u030a|\u0333|\u033f)[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800\ufffc]/gu;

const extending = /[\p{Mark}\u200d]/uy;

/** The UTF-16 units that a text takes once its TABs are spaces. */
export function widthOf(text: string): number {
  let width = text.length;
  for (let tab = text.indexOf('\t'); tab !== -1; tab = text.indexOf('\t', tab + 1)) width += tabWidth - 1;
  return width;
}

/** How far a text of this width reaches from `start`, not into half a character. */
export function reach(source: string, start: number, width: number): number {
  let left = width;
  let at = start;
  while (at < source.length) {
    left -= source[at] === '\t' ? tabWidth : 1;
    if (left < 0) break;
    at++;
  }
  return at < source.length && isPair(source, at - 1) && at - 1 >= start ? at - 1 : at;
}

/** The first place from `start` on that shows something. */
export function nextVisible(source: string, start: number): number | undefined {
  visible.lastIndex = start;
  return visible.exec(source)?.index;
}

/** Whether text from `index` on needs room: it shows something, or belongs to the character before it. */
export function needsRoom(source: string, index: number): boolean {
  extending.lastIndex = index;
  return extending.test(source) || nextVisible(source, index) !== undefined;
}

/** The text without a last character of which only the first half has come yet. */
export function withoutHalfCharacter(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}

/** Whether one character takes the units at `index` and after it. */
function isPair(text: string, index: number): boolean {
  return (text.codePointAt(index) ?? 0) > 0xffff;
}

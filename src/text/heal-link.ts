/** A bracket that is not closed within so many characters is text. */
const longestLabel = 60;

const label = String.raw`(?:[^[\]\n]|\[[^[\]\n]*\])*`;
const target = String.raw`\([^()\s]*(?:\([^()\s]*\)?[^()\s]*)*(?:\s+["'][^"'\n]*["']?)?`;

const openImage = new RegExp(String.raw`!\[(?:\^?${label}\](?:${target})?|[^\]\n]{0,30})$`);
const openTarget = new RegExp(String.raw`(?<!!)\[(${label})\]${target}$`);
/** `arr[0` is no link. */
const openLabel = new RegExp(String.raw`(?<![!\w)\]\\])\[(?!\^)([^[\]\n]{1,${longestLabel}})\]?$`);
const openNote = /!?\[\^[^\]\s]{0,30}$/;
/** What shall be `[1]`. */
const openCitation = /\\(?:\[[\d\s,]*\\?)?$/;
const openTag = /<(?:b|br\s*\/?|h|ht|htt|https?:?\/?)?$/i;
const openAddress = /<(https?:\/\/[^\s<>]*)$/i;

/** Without the marks of a link, an image or a tag that is not whole yet; the words of a link stay. */
export function withLink(text: string): string {
  // An address and a label have no room for more.
  const start = Math.max(0, text.length - 2_000);
  const end = text
    .slice(start)
    .replace(openImage, '')
    .replace(openNote, '')
    .replace(openTarget, '$1')
    .replace(openLabel, '$1')
    .replace(openCitation, '')
    .replace(openAddress, '$1')
    .replace(openTag, '')
    .replace(/(?:^|(?<=\s))[![]$/, '');
  return text.slice(0, start) + end;
}

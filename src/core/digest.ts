import type { Part } from './message.ts';

/**
 * Tells two parts apart by a few characters: equal for equal parts, and for others equal about once in 2^53. A hash of our
 * own (two rounds of FNV-1a, 32 bits), as the core may use no library; nothing secret rests on it.
 */
export function digestOf(part: Part): string {
  const known = digests.get(part);
  if (known !== undefined) return known;
  const { text, format, buttons = [] } = part;
  const all = JSON.stringify([text, format, buttons]);
  const digest = hash(all, 0x811c9dc5).toString(36) + hash(all, 0x01000193 ^ all.length).toString(36);
  digests.set(part, digest);
  return digest;
}

/** What is settled of an answer stays the same object, and is looked at before each write. */
const digests = new WeakMap<Part, string>();

function hash(text: string, seed: number): number {
  let hashed = seed;
  for (let at = 0; at < text.length; at++) hashed = Math.imul(hashed ^ text.charCodeAt(at), 0x01000193);
  return hashed >>> 0;
}

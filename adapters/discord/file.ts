import type { RawFile } from 'discord.js';
import type { Part, TextFile } from '../../src/core/message.ts';

/** Where nobody has paid for more (reference#uploading-files). */
const mostBytes = 10 * 1_024 * 1_024;
const longestName = 100;

export function refuseTooLarge({ file }: Part): void {
  if (file && Buffer.byteLength(file.text) > mostBytes)
    throw new Error('Discord takes no file larger than 10 MiB, and this one is');
}

/** The file that goes along with a message, as it is uploaded. */
export function filesOf({ file }: Part): RawFile[] {
  if (!file) return [];
  return [{ name: safeName(file), data: Buffer.from(file.text), contentType: 'text/plain; charset=utf-8' }];
}

function safeName({ name }: TextFile): string {
  const safe = name
    .normalize()
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^[._]+/, '');
  return [...safe].slice(-longestName).join('') || 'file.txt';
}

import type { APIAttachment } from 'discord.js';
import type { Fields } from './forms/form.ts';
import type { UploadedFile } from './request.ts';
import type { World } from './world.ts';

const urlLifeMs = 24 * 60 * 60 * 1000;

export interface NewAttachment {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly description?: string | undefined;
}

/** Keeps a file's bytes, and makes what a message tells of it: with a signed address that runs out. */
export function storeAttachment(world: World, channelId: string, file: NewAttachment): APIAttachment {
  const { name, contentType, bytes, description } = file;
  const id = world.nextId();
  const filename = name.replace(/[^\p{L}\p{N}._-]/gu, '_');
  world.files.set(id, { contentType, bytes });
  const hex = (ms: number) => Math.floor(ms / 1000).toString(16);
  const signature = `ex=${hex(world.now() + urlLifeMs)}&is=${hex(world.now())}&hm=${id.padStart(64, '0')}&`;
  const url = `${world.url}/attachments/${channelId}/${id}/${encodeURIComponent(filename)}?${signature}`;
  return {
    id,
    filename,
    size: bytes.length,
    url,
    proxy_url: url,
    content_type: contentType,
    ...(description !== undefined && { description }),
  };
}

/** The files that a bot has sent along, described by the `attachments` of its body. */
export function storeUploads(
  world: World,
  channelId: string,
  files: readonly UploadedFile[],
  described: readonly Fields[] | undefined,
): APIAttachment[] {
  return files.map((file) => {
    const about = described?.find(({ id }) => String(id) === file.index);
    return storeAttachment(world, channelId, {
      name: typeof about?.filename === 'string' ? about.filename : file.name,
      contentType: file.contentType,
      bytes: file.bytes,
      description: typeof about?.description === 'string' ? about.description : undefined,
    });
  });
}

/** An edit that lists attachments keeps those that it lists; one that lists none keeps them all. */
export function keptAttachments(
  old: readonly APIAttachment[],
  listed: readonly Fields[] | undefined,
): readonly APIAttachment[] {
  return listed === undefined ? old : old.filter(({ id }) => listed.some((kept) => String(kept.id) === id));
}

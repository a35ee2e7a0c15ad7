import { badRequest } from './refusal.ts';

/** A file that came as a part of a multipart body. */
export interface UploadedFile {
  readonly fileName: string;
  readonly bytes: Buffer;
}

export interface Multipart {
  readonly fields: Readonly<Record<string, Buffer>>;
  /** By the name of their part. */
  readonly files: ReadonlyMap<string, UploadedFile>;
}

/** Reads a multipart body. A file name need not be in quotes: grammY sends it without. */
export function readMultipart(contentType: string, body: Buffer): Multipart {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw badRequest('boundary field not found');
  const fields: Record<string, Buffer> = {};
  const files = new Map<string, UploadedFile>();
  const separator = Buffer.from(`--${boundary}`);
  let start = body.indexOf(separator);
  while (start >= 0) {
    const end = body.indexOf(separator, start + separator.length);
    if (end < 0) break;
    const part = body.subarray(start + separator.length, end);
    const headEnd = part.indexOf('\r\n\r\n');
    const head = part.subarray(0, Math.max(0, headEnd)).toString('utf8');
    const name = /[;\s]name="([^"]*)"/i.exec(head)?.[1];
    if (name !== undefined) {
      const content = part.subarray(headEnd + 4, -2);
      const [, quoted, plain] = /[;\s]filename=(?:"([^"]*)"|([^\r\n;]*))/i.exec(head) ?? [];
      const fileName = quoted ?? plain;
      if (fileName === undefined) fields[name] = content;
      else files.set(name, { fileName, bytes: Buffer.from(content) });
    }
    start = end;
  }
  return { fields, files };
}

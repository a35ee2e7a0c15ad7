import type { IncomingMessage } from 'node:http';
import { refuse } from './refusal.ts';

export interface UploadedFile {
  /** The number in `files[n]`, which the body's attachments refer to. */
  readonly index: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface ReadRequest {
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
}

const maxRequestBytes = 25 * 1024 * 1024;
const maxFileBytes = 10 * 1024 * 1024;

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Reads a JSON body, or `payload_json` and files. */
export function readRequest(contentType: string, bytes: Buffer): ReadRequest {
  if (bytes.length > maxRequestBytes) throw refuse(40005);
  if (bytes.length === 0) return { body: undefined, files: [] };
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary !== undefined) return readMultipart(boundary, bytes);
  if (!contentType.startsWith('application/json')) {
    throw refuse(50035);
  }
  return { body: parseJson(bytes.toString()), files: [] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse(50109);
  }
}

function readMultipart(boundary: string, bytes: Buffer): ReadRequest {
  let body: unknown;
  const files: UploadedFile[] = [];
  for (const piece of bytes.toString('latin1').split(`--${boundary}`)) {
    const headEnd = piece.indexOf('\r\n\r\n');
    if (headEnd < 0) continue;
    const head = Buffer.from(piece.slice(0, headEnd), 'latin1').toString();
    const content = Buffer.from(piece.slice(headEnd + 4, -2), 'latin1');
    const name = /\bname="([^"]*)"/.exec(head)?.[1] ?? '';
    const index = /^files\[(\d+)\]$/.exec(name)?.[1];
    if (name === 'payload_json') body = parseJson(content.toString());
    else if (index !== undefined) files.push(readFile(index, head, content));
  }
  return { body, files };
}

function readFile(index: string, head: string, bytes: Buffer): UploadedFile {
  if (bytes.length > maxFileBytes) throw refuse(40005);
  const name = /filename="([^"]*)"/.exec(head)?.[1] ?? 'unknown';
  const contentType = /content-type:\s*(\S+)/i.exec(head)?.[1] ?? 'application/octet-stream';
  return { index, name, contentType, bytes };
}

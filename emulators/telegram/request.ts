import type { IncomingMessage } from 'node:http';
import { readMultipart, type UploadedFile } from './multipart.ts';
import { badRequest, Refusal } from './refusal.ts';

/** A call's parameters as the server holds them: every value is text, an object is JSON text. */
export type Params = Readonly<Record<string, string>>;

export interface ReadRequest {
  readonly params: Params;
  /** By the name of their part. */
  readonly files: ReadonlyMap<string, UploadedFile>;
  /** The same as it was sent: a JSON body keeps its numbers, booleans and objects; a file is `attach:` and its name. */
  readonly sent: Readonly<Record<string, unknown>>;
}

type Files = ReadRequest['files'];

const maxBodyBytes = 55 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBodyBytes) throw new Refusal(413, 'Request Entity Too Large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Parameters come in the query, as a form, as multipart or as JSON; the body wins. */
export function readParams(query: URLSearchParams, contentType: string, body: Buffer): ReadRequest {
  const { fields, files } = readSent(contentType, body);
  const given = { ...Object.fromEntries(query), ...fields };
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    params[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  for (const value of Object.values(params)) requireUtf8(value);
  const attached = [...files].map(([name, { fileName }]) => [name, `attach:${fileName}`]);
  return { params, files, sent: { ...given, ...Object.fromEntries(attached) } };
}

function readSent(contentType: string, body: Buffer): { fields: Record<string, unknown>; files: Files } {
  const none: Files = new Map();
  if (body.length === 0) return { fields: {}, files: none };
  if (contentType.startsWith('multipart/form-data')) {
    const { fields, files } = readMultipart(contentType, body);
    const texts = Object.entries(fields).map(([name, bytes]) => [name, utf8(bytes)]);
    return { fields: Object.fromEntries(texts), files };
  }
  const text = utf8(body);
  if (contentType.startsWith('application/json')) return { fields: readJson(text), files: none };
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return { fields: Object.fromEntries(new URLSearchParams(text)), files: none };
  }
  return { fields: {}, files: none };
}

function readJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    throw badRequest("can't parse parameters: JSON object expected");
  }
  throw badRequest('JSON object expected');
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw badRequest('strings must be encoded in UTF-8');
  }
}

/** Refuses a lone surrogate, which a JSON escape can bring in. */
export function requireUtf8(value: string): void {
  if (/\p{Surrogate}/u.test(value)) throw badRequest('strings must be encoded in UTF-8');
}

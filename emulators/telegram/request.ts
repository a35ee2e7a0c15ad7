import type { IncomingMessage } from 'node:http';
import { badRequest, Refusal } from './refusal.ts';

/** A call's parameters as the server holds them: every value is text, an object is JSON text. */
export type Params = Readonly<Record<string, string>>;

export interface ReadRequest {
  readonly params: Params;
  /** The same as it was sent: a JSON body keeps its numbers, booleans and objects. */
  readonly sent: Readonly<Record<string, unknown>>;
}

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
  const fromQuery = Object.fromEntries(query);
  const sent = { ...fromQuery, ...readSent(contentType, body) };
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(sent)) {
    if (value === null || value === undefined) continue;
    params[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  for (const value of Object.values(params)) requireUtf8(value);
  return { params, sent };
}

function readSent(contentType: string, body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  if (contentType.startsWith('multipart/form-data')) return readMultipart(contentType, body);
  const text = utf8(body);
  if (contentType.startsWith('application/json')) return readJson(text);
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  return {};
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

/** Fields and files; a file stands as `attach:` with its name, since its bytes are not looked at. */
function readMultipart(contentType: string, body: Buffer): Record<string, unknown> {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) throw badRequest('boundary field not found');
  const fields: Record<string, unknown> = {};
  for (const piece of body.toString('latin1').split(`--${boundary}`)) {
    const headEnd = piece.indexOf('\r\n\r\n');
    const name = /name="([^"]*)"/.exec(piece)?.[1];
    if (headEnd < 0 || name === undefined) continue;
    const fileName = /filename="([^"]*)"/.exec(piece.slice(0, headEnd))?.[1];
    const content = Buffer.from(piece.slice(headEnd + 4, -2), 'latin1');
    fields[name] = fileName === undefined ? utf8(content) : `attach:${fileName}`;
  }
  return fields;
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

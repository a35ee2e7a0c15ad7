import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';
import type { Outlet } from './wire.ts';

/** One request, read whole. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  /** Parsed where it is JSON, else as it came; empty: undefined. Of a form: what is in it, in few words. */
  readonly body: unknown;
  /** The parts of a form that have a file name; of what is no form: undefined. */
  readonly files?: readonly UploadedFile[];
}

export interface UploadedFile {
  readonly field: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A call that carries a valid token. */
export interface AuthorizedCall extends Call {
  /** Whose token it is: each is an account of its own, but for those that OAuth gave to one app and session. */
  readonly account: string;
  /** What the route's pattern left open. */
  readonly param: string;
}

/** `json` joins code, msg and detail in the envelope, `bare` does without. A stream starts when it is given its outlet. */
export type Reply =
  | { readonly json: object }
  | { readonly bare: object; readonly status: number }
  | { readonly stream: (outlet: Outlet) => void };

export type Handler = (call: AuthorizedCall) => Reply;

/** Coze takes no body over 15 MB, but for files. */
const maxBodyBytes = 15 * 1024 * 1024;
const maxFormBytes = 513 * 1024 * 1024;

export async function readCall(request: IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const type = request.headers['content-type'] ?? '';
  const isForm = /^multipart\/form-data\b/i.test(type);
  const body = await readBody(request, isForm ? maxFormBytes : maxBodyBytes);
  const call = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
  };
  if (!isForm) return { ...call, body: body && parseBody(body.toString()) };
  const form = body && (await parseForm(body, type));
  if (!form) return { ...call, body: undefined };
  return { ...call, body: describe(form), files: await filesIn(form) };
}

/** Undefined: it is too large. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes <= maxBytes) pieces.push(piece);
  }
  return bytes > maxBytes ? undefined : Buffer.concat(pieces);
}

/** Undefined: it is none. */
function parseForm(body: Buffer, type: string): Promise<FormData | undefined> {
  const response = new Response(new Uint8Array(body), { headers: { 'content-type': type } });
  return response.formData().catch(() => undefined);
}

function filesIn(form: FormData): Promise<UploadedFile[]> {
  const files = [...form].flatMap(([field, value]) =>
    typeof value === 'string' ? [] : [{ field, file: value }],
  );
  return Promise.all(
    files.map(async ({ field, file }) => ({
      field,
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
    })),
  );
}

function describe(form: FormData) {
  return [...form].map(([field, value]) =>
    typeof value === 'string' ? { field, text: value } : { field, name: value.name, bytes: value.size },
  );
}

function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** An id from the query: digits, or it is refused. */
export function queryId(call: Call, name: string): string {
  const id = call.query[name] ?? '';
  if (!/^\d+$/.test(id)) throw new Refusal(4000, `Request parameter error: ${name} is required`);
  return id;
}

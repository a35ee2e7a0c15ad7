import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';
import type { Outlet } from './wire.ts';

/** One request, read whole. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  /** Parsed where it is JSON, else as it came; empty: undefined. */
  readonly body: unknown;
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

/** Coze takes no body over 15 MB. */
const maxBodyBytes = 15 * 1024 * 1024;

export async function readCall(request: IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes <= maxBodyBytes) pieces.push(piece);
  }
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: bytes > maxBodyBytes ? undefined : parseBody(Buffer.concat(pieces).toString()),
  };
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

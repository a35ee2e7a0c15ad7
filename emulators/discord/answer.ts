import type { ServerResponse } from 'node:http';
import { Refusal } from './refusal.ts';

/** What the server says, whatever becomes of it on the way. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export const toJson = (status: number, body: unknown, headers: Answer['headers'] = {}): Answer => ({
  status: body === undefined && status === 200 ? 204 : status,
  body,
  headers,
});

export function refusalAnswer(error: unknown, headers: Answer['headers'] = {}): Answer {
  const { status, code, message, errors } =
    error instanceof Refusal ? error : new Refusal(500, 0, `500: Internal Server Error (${String(error)})`);
  return { status, body: { message, code, ...(errors && { errors }) }, headers };
}

type Scope = 'user' | 'global' | 'shared';

const limited: Readonly<Record<Scope, string>> = {
  user: 'You are being rate limited.',
  global: 'You are being rate limited.',
  shared: 'The resource is being rate limited.',
};

/** A 429 with all that Discord says in one. */
export function limitAnswer(
  scope: Scope,
  retryAfterSeconds: number,
  headers: Answer['headers'] = {},
): Answer {
  return {
    status: 429,
    body: {
      message: limited[scope],
      retry_after: Math.ceil(retryAfterSeconds * 1000) / 1000,
      global: scope === 'global',
    },
    headers: {
      ...headers,
      ...(scope === 'global' && { 'x-ratelimit-global': 'true' }),
      'x-ratelimit-scope': scope,
      'retry-after': String(Math.ceil(retryAfterSeconds)),
    },
  };
}

export function pageAnswer(status: number): Answer {
  const html = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>\n`;
  return { status, body: html, headers: { 'content-type': 'text/html' } };
}

export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (response.writableEnded || response.destroyed) return;
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const isText = typeof body === 'string' && headers['content-type'] !== undefined;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

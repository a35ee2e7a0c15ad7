import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { whyDeaf } from '../../../src/core/listening.ts';
import type { Log } from '../../../src/core/ports/world.ts';
import type { Webhook } from './settings.ts';

export interface WebhookServer {
  /** Refuses what is new, for it to come again, and resolves when nothing is under way any more. */
  leave(): Promise<void>;
  /** Hangs up on whoever is still connected. */
  close(): Promise<void>;
}

/** What becomes of a request. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Says what becomes of a request that Telegram has sent; `body` is what it carries. */
export type Take = (body: string) => Promise<Answer>;

/** Telegram's own updates have a few thousand characters. */
const longestBody = 1024 * 1024;
/** Longer than proxies keep an idle connection, so that none sends a request into one that we are closing. */
const keepAliveMs = 75_000;
const requestMs = 30_000;

const variables = { host: 'TELEGRAM_WEBHOOK_HOST', port: 'TELEGRAM_WEBHOOK_PORT' };

/** Not now: Telegram brings it again in a moment, instead of after ever longer waits. */
export const again: Answer = { status: 503, headers: { 'retry-after': '2' } };
const leaving: Answer = { status: 503, headers: { ...again.headers, connection: 'close' } };

/** Listens for Telegram's requests. Rejects with what to do when it cannot. */
export async function openWebhookServer(
  { url, secret, port, host }: Webhook,
  take: Take,
  log: Log,
): Promise<WebhookServer> {
  const { pathname } = new URL(url);
  const underWay = new Set<Promise<void>>();
  let isLeaving = false;

  async function answerTo(request: IncomingMessage): Promise<Answer> {
    if (pathOf(request) !== pathname) return { status: 404 };
    if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST' } };
    if (!isSame(request.headers['x-telegram-bot-api-secret-token'], secret)) return { status: 401 };
    if (isLeaving) return leaving;
    const body = await readBody(request);
    return body === undefined ? { status: 413, headers: { connection: 'close' } } : take(body);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers } = await answerTo(request);
    response.writeHead(status, { ...headers, 'content-length': 0 }).end();
    await finished(response);
  }

  const server = createServer(
    { keepAliveTimeout: keepAliveMs, requestTimeout: requestMs },
    (request, response) => {
      // Who hung up in the middle brings it again.
      const handled = handle(request, response).catch(() => void response.destroy());
      underWay.add(handled);
      void handled.finally(() => underWay.delete(handled));
    },
  );
  server.listen(port, host);
  await once(server, 'listening').catch((error) => {
    throw new Error(whyDeaf(error, { host, port, variables, besides: ', and lead the proxy to it' }));
  });
  // Whoever could not be let in comes again; without a listener it would end the process.
  server.on('error', ({ code }: NodeJS.ErrnoException) => {
    log.warn({ reason: code }, 'a connection to the webhook could not be taken');
  });
  return {
    async leave() {
      isLeaving = true;
      await Promise.all(underWay);
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

/** Takes as long for every wrong one that is given. */
function isSame(given: string | string[] | undefined, secret: string): boolean {
  if (typeof given !== 'string') return false;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(secret));
}

/** Undefined: longer than anything that Telegram sends. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > longestBody) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

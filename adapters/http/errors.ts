import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, preHandlerAsyncHookHandler } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { isDefect } from '../../src/core/defects.ts';
import type { Log } from '../../src/core/ports/world.ts';
import type { App } from './app.ts';
import { Refusal, retryAfter } from './refusal.ts';

/** The store is away for seconds, or for long. */
const soonSeconds = 10;

/** Every error is answered in words, and never with a stack; what nobody has refused on purpose is logged. */
export function answerErrors(app: App, log: Log): void {
  app.setErrorHandler((error, { id }, reply) => {
    const { status, detail } = toDetail(error, id);
    if (status >= 500 && !(error instanceof Refusal))
      log.error(
        { err: error, request: id },
        isOurs(error) ? 'a request failed: this is a defect of the bridge' : 'a request failed',
      );
    if (error instanceof Refusal) reply.headers(error.headers);
    else if (status === 503) reply.headers(retryAfter(soonSeconds));
    return reply.status(status).send({ detail });
  });
  const methodsAt = createMethods(app);
  // Who tries addresses is counted as well.
  const preHandler: preHandlerAsyncHookHandler = (...request) => app.rateLimit().apply(app, request);
  app.setNotFoundHandler({ preHandler }, ({ url }, reply) => {
    const methods = methodsAt(url.split('?', 1)[0] ?? '');
    if (methods.length === 0)
      return reply.status(404).send({ detail: 'There is no such address here: see /docs.' });
    const allow = methods.join(', ');
    return reply
      .status(405)
      .header('allow', allow)
      .send({ detail: `This address is for ${allow}.` });
  });
}

/** The methods that each address knows, by the routes that are added from now on. */
function createMethods(app: App): (path: string) => string[] {
  const routes: { readonly method: string; readonly path: RegExp }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const path = new RegExp(
      `^${url.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll(/:\w+/g, '[^/]+')}$`,
    );
    // Pages of other origins ask by OPTIONS, at whatever address.
    for (const each of [method].flat()) if (each !== 'OPTIONS') routes.push({ method: each, path });
  });
  return (path) => [...new Set(routes.filter((route) => route.path.test(path)).map(({ method }) => method))];
}

/** An address that none can be: before any route is looked for. */
export function answerBadAddress(
  { statusCode = 400 }: FastifyError,
  _request: unknown,
  reply: Pick<FastifyReply, 'status'>,
): void {
  const detail = statusCode === 414 ? 'A part of this address is too long.' : 'This address cannot be read.';
  void reply.status(statusCode).type('application/json').send(JSON.stringify({ detail }));
}

const unreadable: Readonly<Record<string, readonly [status: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not come whole in time.'],
};

/** What came is no request at all. */
export function answerUnreadable({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, detail] = unreadable[code] ?? ['400 Bad Request', 'This is no HTTP that can be read.'];
  const body = JSON.stringify({ detail });
  const headers = ['content-type: application/json', `content-length: ${body.length}`, 'connection: close'];
  socket.end([`HTTP/1.1 ${status}`, ...headers, '', body].join('\r\n'));
}

/** What Fastify says without saying what to do. */
const plainer: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'Send JSON, with the header content-type: application/json.',
  FST_ERR_CTP_BODY_TOO_LARGE: 'The request is larger than SERVER_MAX_BODY.',
};

function toDetail(error: unknown, request: string): { status: number; detail: string } {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const words = error.validation.map(({ instancePath, message }) => {
      const where = instancePath.split('/').filter(Boolean).join('.');
      return where ? `${where}: ${message}` : message;
    });
    return { status: 422, detail: words.join('; ') };
  }
  const { statusCode = 500, message, code = '' } = error as Partial<FastifyError> & { message: string };
  // Fastify's own are of any kind: a body that is too long is a RangeError.
  if (error instanceof Refusal || (statusCode >= 400 && statusCode < 500))
    return { status: statusCode, detail: plainer[code] ?? message };
  if (isOurs(error))
    return {
      status: 500,
      detail: `This is a defect of the bridge, and would be the same again: its log has more of request ${request}.`,
    };
  return {
    status: 503,
    detail: 'It cannot be done at the moment; the log of the bridge says why. Try again later.',
  };
}

/** To try again would not help. An answer that is not as we have described it is one of them. */
const isOurs = (error: unknown): boolean => isDefect(error) || isResponseSerializationError(error);

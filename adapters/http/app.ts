import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Tools } from '../platform.ts';
import { botsRoute } from './bots.ts';
import { chatRoutes } from './chat.ts';
import type { Counter } from './counter.ts';
import { describe } from './describe.ts';
import { answerBadAddress, answerErrors, answerUnreadable } from './errors.ts';
import { filesRoute } from './files.ts';
import { healthRoute } from './health.ts';
import { createKeys, type Keys } from './keys.ts';
import { dashboardRoute, metricsRoute } from './operator.ts';
import { servePage } from './page.ts';
import { Refusal } from './refusal.ts';
import { sessionRoutes } from './session.ts';
import { isLoopback, type ServerSettings } from './settings.ts';
import { streamRoutes } from './stream.ts';

export interface AppOptions
  extends Pick<Tools, 'clock' | 'desk' | 'coze' | 'health' | 'metrics' | 'dashboard' | 'log'> {
  readonly settings: ServerSettings;
  readonly counter: Counter;
  readonly version: string;
}

/** What every route is given. */
export interface Routing extends AppOptions, Keys {
  readonly app: App;
}

export type App = FastifyInstance<
  FastifyInstance['server'],
  Parameters<FastifyInstance['routing']>[0],
  Parameters<FastifyInstance['routing']>[1],
  FastifyInstance['log'],
  ZodTypeProvider
>;

/** The server, which listens nowhere yet. */
export async function createApp(options: AppOptions): Promise<App> {
  const { settings, log } = options;
  const app = fastify({
    bodyLimit: settings.SERVER_MAX_BODY,
    // A request is one line of nobody's log: turns are.
    logger: false,
    forceCloseConnections: 'idle',
    // From the first byte of a request to its last.
    requestTimeout: 60_000,
    // A stream that nobody reads would be followed to its end.
    exposeHeadRoutes: false,
    // An id of two hundred characters, each of them nine in an address.
    routerOptions: { maxParamLength: 1_800 },
    frameworkErrors: answerBadAddress,
    clientErrorHandler: answerUnreadable,
    genReqId: () => crypto.randomUUID(),
    trustProxy: settings.SERVER_TRUST_PROXY.length > 0 && settings.SERVER_TRUST_PROXY,
  }).withTypeProvider<ZodTypeProvider>();
  // Only JSON is understood.
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, log);
  const keys = createKeys(settings.SERVER_API_KEYS);
  const { ownerOf } = keys;
  const isOurs = (headers: Parameters<typeof ownerOf>[0]): boolean => {
    try {
      return ownerOf(headers) !== '';
    } catch {
      return false;
    }
  };
  if (settings.SERVER_API_KEYS.length === 0) app.addHook('onRequest', refuseStrangers(settings));

  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  await app.register(helmet, {
    // The page has its own; and what is before this server decides whether its name is for TLS alone.
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
  });
  await app.register(cors, {
    origin: settings.SERVER_CORS_ORIGINS.length > 0 ? settings.SERVER_CORS_ORIGINS : false,
    exposedHeaders: ['x-message-id', 'x-session-id', 'x-request-id'],
  });
  await describe(app);
  await servePage(app, options.version);
  // For what comes after it: whoever only opens the page or reads of the API has not asked for anything yet.
  await app.register(rateLimit, {
    max: settings.SERVER_RATE_PER_MINUTE,
    timeWindow: 60_000,
    // Who guesses keys is one and the same.
    keyGenerator: ({ headers, ip }) => `${isOurs(headers) ? ownerOf(headers) : ''} ${ip}`,
    errorResponseBuilder: (_request, { after }) =>
      new Refusal(429, `Too many requests: try again in ${after}.`),
  });
  const routing: Routing = { ...options, ...keys, app };
  healthRoute(routing);
  await dashboardRoute(routing);
  await app.register(async (scope) => behindKeys({ ...routing, app: scope }));
  return app;
}

function behindKeys(routing: Routing): void {
  const { app, ownerOf } = routing;
  // Before anything of a body is read, and after the request was counted.
  app.addHook('preParsing', async ({ headers }) => void ownerOf(headers));
  metricsRoute(routing);
  chatRoutes(routing);
  streamRoutes(routing);
  sessionRoutes(routing);
  botsRoute(routing);
  filesRoute(routing);
}

/**
 * Where nobody needs a key, a browser must not be the way in for whatever page it has open. No proxy is trusted there, so
 * `hostname` is from Host, which pages cannot choose, and never from X-Forwarded-Host, which they can.
 */
function refuseStrangers({ SERVER_CORS_ORIGINS: welcome }: ServerSettings) {
  return async ({ method, hostname, headers }: FastifyRequest): Promise<void> => {
    // A form, say, is sent for a page of another origin without being asked for first.
    const { origin = '', host } = headers;
    const isForeign =
      headers['sec-fetch-site'] === 'cross-site' || (origin !== '' && origin !== `http://${host}`);
    if (isForeign && method !== 'GET' && !welcome.includes(origin))
      throw new Refusal(401, 'Without SERVER_API_KEYS only pages in SERVER_CORS_ORIGINS are answered.');
    // A page that gave its name our address would be let in by the browser: it still asks under its name.
    if (!isLoopback(hostname))
      throw new Refusal(
        401,
        'Without SERVER_API_KEYS only this machine is answered, at 127.0.0.1 or localhost.',
      );
  };
}

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Routing } from './app.ts';
import { Refusal } from './refusal.ts';

/** For Prometheus, with a key as for everything else. */
export function metricsRoute({ app, metrics }: Routing): void {
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'The counts and durations of this process',
        response: { 200: { content: { 'application/openmetrics-text': { schema: z.string() } } } },
      },
    },
    async (_request, reply) => {
      const { contentType, text } = await metrics();
      return reply.header('content-type', contentType).send(text);
    },
  );
}

const dashboardPath = '/admin/queues';

/** Its fonts are a stranger's, who is not to learn who looks at what: it is shown in the system's. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // It writes styles into its elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The page on which the queue can be watched, for the owner of the bridge: it tells of everybody's sessions. A browser asks
 * for a name and a password: that is the owner's key, whatever the name.
 */
export async function dashboardRoute({ app, dashboard, letOperate }: Routing): Promise<void> {
  if (!dashboard) return;
  await app.register(async (scope: FastifyInstance) => {
    // After the request was counted: keys could be guessed without end.
    scope.addHook('preParsing', async ({ headers, method }, reply) => {
      reply.header('content-security-policy', policy);
      // The page has buttons for what BullMQ can do: here a queue is only looked at.
      if (method !== 'GET' && method !== 'HEAD')
        return reply
          .status(405)
          .header('allow', 'GET, HEAD')
          .send({ detail: 'Nothing can be changed here.' });
      try {
        letOperate({ authorization: asBearer(headers.authorization) });
      } catch (error) {
        // Thrown, it would be answered by the page's own error handler.
        if (error instanceof Refusal && error.statusCode === 403)
          return reply.status(403).send({ detail: error.message });
        return reply
          .status(401)
          .header('www-authenticate', 'Basic realm="coze-bridge", charset="UTF-8"')
          .send({ detail: 'The password is the first of SERVER_API_KEYS, the name is up to you.' });
      }
    });
    await dashboard(scope, dashboardPath);
  });
}

function asBearer(authorization: string | undefined): string | undefined {
  const [, given] = /^Basic +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (given === undefined) return authorization;
  const words = Buffer.from(given, 'base64').toString();
  return `Bearer ${words.slice(words.indexOf(':') + 1)}`;
}

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { App } from './app.ts';

/** What `npm ci` builds of web/. */
const folder = resolve(import.meta.dirname, '../../web/dist');

/** Nothing but what the page itself brings, and images that the reader wants to see. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' https: http:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The names of assets change with what is in them. */
function cachedAs(path: string): string {
  if (path.includes(join(folder, 'assets'))) return 'public, max-age=31536000, immutable';
  return path.includes('index.html') ? 'no-cache' : 'public, max-age=3600';
}

/** A browser gets the page at `/`, a program learns what this is. */
export async function servePage(app: App, version: string): Promise<void> {
  const isBuilt = existsSync(join(folder, 'index.html'));
  if (isBuilt)
    await app.register(fastifyStatic, {
      root: folder,
      index: false,
      wildcard: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders(response, path) {
        response.setHeader('content-security-policy', policy);
        response.setHeader('cache-control', cachedAs(path));
        response.setHeader('vary', 'accept-encoding');
      },
    });
  app.get('/', { exposeHeadRoute: true, schema: { hide: true } }, async ({ headers }, reply) => {
    if (!headers.accept?.includes('text/html'))
      return { message: 'coze-bridge: ask a Coze bot', version, status: 'running', docs: '/docs' };
    if (!isBuilt)
      return reply.status(503).type('text/plain').send('The page is not built yet: npm run build.\n');
    return reply.sendFile('index.html');
  });
}

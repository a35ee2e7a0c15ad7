import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Exposition } from '../adapters/platform.ts';
import { type Health, tell } from './core/health.ts';
import { whyDeaf } from './core/listening.ts';
import type { Log } from './core/ports/world.ts';

interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  readonly health: () => Promise<Health>;
  readonly metrics: () => Promise<Exposition>;
  readonly log: Log;
  /** Aborted: hang up, and listen no longer. */
  readonly over: AbortSignal;
}

const variables = { host: 'METRICS_HOST', port: 'METRICS_PORT' };

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Serves /health and /metrics, without a key, to whoever reaches it. Rejects with a message for the owner. */
export async function openMetricsServer(options: MetricsServerOptions): Promise<void> {
  const { host, port, log, over } = options;
  const server = createServer(async ({ url = '' }, response) => {
    const { status, contentType, text } = await answerTo(url, options).catch(() => broken);
    response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text);
  });
  server.listen(port, host);
  await once(server, 'listening').catch((error) => {
    throw new Error(whyDeaf(error, { host, port, variables }), { cause: error });
  });
  // Whoever could not be let in comes again; without a listener it would end the process.
  server.on('error', ({ code }: NodeJS.ErrnoException) =>
    log.warn({ reason: code }, 'a metrics request failed'),
  );
  over.addEventListener('abort', () => {
    server.close();
    server.closeAllConnections();
  });
  log.info({ host, port: portOf(server.address()) }, 'health and metrics are here');
}

async function answerTo(url: string, { health, metrics }: MetricsServerOptions): Promise<Answer> {
  const [path] = url.split('?', 1);
  if (path === '/metrics') return { status: 200, ...(await metrics()) };
  if (path !== '/health') return plain(404, 'Here are /health and /metrics.\n');
  const told = tell(await health());
  return {
    status: told.status === 'unhealthy' ? 503 : 200,
    contentType: 'application/json; charset=utf-8',
    text: JSON.stringify(told),
  };
}

const plain = (status: number, text: string): Answer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  text,
});

const broken = plain(500, 'This is a defect of the bridge.\n');

const portOf = (address: ReturnType<ReturnType<typeof createServer>['address']>): number | undefined =>
  typeof address === 'object' ? address?.port : undefined;

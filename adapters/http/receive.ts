import { createRequire } from 'node:module';
import { whenAborted } from '../../src/core/aborted.ts';
import { whyDeaf } from '../../src/core/listening.ts';
import type { Receive } from '../../src/core/ports/platform.ts';
import type { Clock } from '../../src/core/ports/world.ts';
import type { Tools } from '../platform.ts';
import type { App } from './app.ts';
import { createCounter } from './counter.ts';
import type { ServerSettings } from './settings.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Running answers get 20 s to end: after that nothing comes on their streams any more. */
const closeForMs = 20_500;

const lookEveryMs = 100;

const variables = { host: 'SERVER_HOST', port: 'SERVER_PORT' };

/** Serves the API and the page until the signal aborts, and then lets what is open end. */
export function receiveByHttp(settings: ServerSettings, tools: Tools): Receive {
  const { desk, clock, log, invite } = tools;
  return async (deliver, signal, ready) => {
    if (signal.aborted) return;
    // What it is built of takes its time to load: a worker, and who has no server, go without.
    const { createApp } = await import('./app.ts');
    const app = await createApp({ ...tools, settings, version, counter: createCounter(desk, deliver) });
    const { SERVER_HOST: host, SERVER_PORT: port } = settings;
    try {
      const address = await app.listen({ host, port: Number(port) });
      log.info({ address }, 'the page and the HTTP API are here');
      invite(`There is a page, too: ${address}`);
    } catch (error) {
      const why = whyDeaf(error, { host, port, variables, besides: ', or SERVER_PORT=off' });
      invite(`There is no page. ${why}`);
      throw new Error(why, { cause: error });
    }
    ready();
    await whenAborted(signal);
    await close(app, clock);
  };
}

async function close(app: App, clock: Clock): Promise<void> {
  const over = new AbortController();
  const closed = app.close().finally(() => over.abort());
  const endsAt = clock.now() + closeForMs;
  while (!over.signal.aborted) {
    // A connection that was in use when the server was closed would stay open, in case there is more to ask.
    app.server.closeIdleConnections();
    if (clock.now() >= endsAt) app.server.closeAllConnections();
    await clock.sleep(lookEveryMs, over.signal).catch(() => undefined);
  }
  await closed;
}

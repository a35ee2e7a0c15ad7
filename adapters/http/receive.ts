import { createRequire } from 'node:module';
import { whenAborted } from '../../src/core/aborted.ts';
import type { Receive } from '../../src/core/ports/platform.ts';
import type { Tools } from '../platform.ts';
import { type App, createApp } from './app.ts';
import { createCounter } from './counter.ts';
import type { ServerSettings } from './settings.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** Running answers get 20 s to end: after that nothing comes on their streams any more. */
const closeForMs = 20_500;

/** Serves the API and the page until the signal aborts, and then lets what is open end. */
export function receiveByHttp(settings: ServerSettings, tools: Tools): Receive {
  const { desk, clock, log } = tools;
  return async (deliver, signal, ready) => {
    if (signal.aborted) return;
    const app = await createApp({ ...tools, settings, version, counter: createCounter(desk, deliver) });
    const { SERVER_HOST: host, SERVER_PORT: port } = settings;
    try {
      const address = await app.listen({ host, port: Number(port) });
      log.info({ address }, 'the page and the HTTP API are here');
    } catch (error) {
      throw new Error(whyDeaf(error, host, port), { cause: error });
    }
    ready();
    await whenAborted(signal);
    await close(app, (ms) => clock.sleep(ms));
  };
}

async function close(app: App, sleep: (ms: number) => Promise<void>): Promise<void> {
  const late = sleep(closeForMs).then(() => app.server.closeAllConnections());
  await Promise.race([app.close(), late]);
}

function whyDeaf(error: unknown, host: string, port: string): string {
  const { code = 'unknown' } = error as { code?: string };
  if (code === 'EADDRINUSE')
    return `SERVER_PORT: another program has ${host}:${port} (a second bridge?): choose another port, or SERVER_PORT=off`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `SERVER_HOST: this machine has no address ${host}`;
  if (code === 'EACCES')
    return `SERVER_PORT: ${port} is for the administrator of the machine: choose one above 1023`;
  return `the HTTP server cannot listen at ${host}:${port} (${code})`;
}

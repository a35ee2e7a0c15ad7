import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readEvents } from '../../adapters/http/read-events.ts';
import { env as serverEnv } from '../../adapters/http/settings.ts';
import type { AnswerEvent } from '../../adapters/http/wire.ts';
import { withoutBlanks } from '../variables.ts';
import type { Shell } from './command.ts';

/** A bridge that can be asked. */
export interface Reach {
  ask(body: object): Promise<AsyncIterable<AnswerEvent>>;
  close(): Promise<void>;
}

/** The bridge that runs here by these settings; or one of our own, for the time being. */
export async function reachBridge(shell: Shell): Promise<Reach> {
  const environment = withoutBlanks(shell.environment());
  const { data } = serverEnv.safeParse(environment);
  const key = data?.SERVER_API_KEYS[0];
  const host =
    data?.SERVER_HOST === '0.0.0.0' || data?.SERVER_HOST === '::' ? '127.0.0.1' : data?.SERVER_HOST;
  const url = `http://${host?.includes(':') ? `[${host}]` : host}:${data?.SERVER_PORT}`;
  const running = data && data.SERVER_PORT !== 'off' && (await isBridge(url));
  if (running) return { ask: (body) => ask(url, key, body), close: async () => {} };
  const own = await startBridge(environment);
  return { ask: (body) => ask(own.url, key, body), close: own.close };
}

async function isBridge(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(2_000),
    });
    return String(((await response.json()) as { message?: unknown }).message).startsWith('coze-bridge');
  } catch {
    return false;
  }
}

async function ask(url: string, key: string | undefined, body: object): Promise<AsyncIterable<AnswerEvent>> {
  const response = await fetch(`${url}/chat/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    const { detail = response.statusText } = (await response.json().catch(() => ({}))) as { detail?: string };
    throw new Error(detail);
  }
  return readEvents(response);
}

const entry = join(import.meta.dirname, 'bridge-alone.ts');

/** Where there is a Redis its workers answer: this one would take what people wrote on platforms that it does not know. */
const roleOn = ({ REDIS_URL }: Readonly<Record<string, string | undefined>>) =>
  REDIS_URL ? 'gateway' : 'all';

const alone = { SERVER_HOST: '127.0.0.1', SERVER_PORT: '0', LOG_LEVEL: 'info' };

async function startBridge(environment: Readonly<Record<string, string | undefined>>) {
  const child = spawn(process.execPath, [...process.execArgv, entry], {
    // A worker that is at work here may have the port.
    env: {
      ...environment,
      ...alone,
      ROLE: roleOn(environment),
      ...(environment.METRICS_PORT && { METRICS_PORT: '0' }),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const [, url] = /"address":"(http[^"]+)"/.exec(line) ?? [];
    if (!url) continue;
    child.stderr.resume();
    return {
      url,
      async close() {
        child.kill('SIGTERM');
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      },
    };
  }
  throw new Error(`No bridge runs here, and none could be started:\n${said.join('\n')}`);
}

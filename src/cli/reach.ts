import { env as serverEnv } from '../../adapters/http/settings.ts';
import { withoutBlanks } from '../variables.ts';
import type { Shell } from './command.ts';
import { startBridge } from './own-bridge.ts';

/** A bridge that can be asked. */
export interface Reach {
  readonly url: string;
  readonly key: string | undefined;
  /** Aborts, with words for the owner, should it end without being told to; undefined where it is none of ours. */
  readonly died?: AbortSignal;
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
  if (running) return { url, key, close: async () => {} };
  return { key, ...(await startBridge(environment)) };
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

import { onTestFinished } from 'vitest';
import type { CozeEmulatorOptions } from '../../../emulators/coze/index.ts';
import { createStand, type Stand } from '../../bridge/stand.ts';
import type { BridgeProcess } from '../../support/bridge-process.ts';
import { eventsIn, type Heard } from '../../support/events-in.ts';

export interface Served extends Stand {
  readonly url: string;
  readonly gateway: BridgeProcess;
  /** The same process on the embedded home. */
  readonly worker: BridgeProcess;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
}

/** A bridge that is asked by HTTP alone; on Redis its gateway and its worker are two processes. */
export async function serve(
  home: string,
  env: Record<string, string> = {},
  options: CozeEmulatorOptions = {},
): Promise<Served> {
  const stand = await createStand(home, options);
  onTestFinished(() => stand.endAndInspect());
  const alone = { TELEGRAM_BOT_TOKEN: '', TELEGRAM_API_ROOT: '', SERVER_PORT: '0', ...env };
  const gateway = await stand.launch(home === 'redis' ? { ...alone, ROLE: 'gateway' } : alone);
  const worker = home === 'redis' ? await stand.launch({ ...alone, ROLE: 'worker' }) : gateway;
  const url = addressIn(gateway.log());
  return {
    ...stand,
    url,
    gateway,
    worker,
    post: (path, body, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path, headers = {}) => fetch(url + path, { headers }),
  };
}

/** Where a bridge listens, by its log. */
export const addressIn = (log: string): string => /"address":"(http[^"]+)"/.exec(log)?.[1] ?? '';

export async function allIn(response: Response): Promise<Heard[]> {
  const heard: Heard[] = [];
  for await (const event of eventsIn(response)) heard.push(event);
  return heard;
}

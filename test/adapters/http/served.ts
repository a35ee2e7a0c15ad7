import { onTestFinished } from 'vitest';
import type { CozeEmulatorOptions } from '../../../emulators/coze/index.ts';
import { createStand, type Stand } from '../../bridge/stand.ts';
import type { BridgeProcess } from '../../support/bridge-process.ts';

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

export interface Heard {
  readonly id: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a client finds there is what is tested
  readonly data: any;
}

/** The events of a stream, as they come. */
export async function* eventsIn({ body }: Response): AsyncGenerator<Heard> {
  if (!body) return;
  let rest = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + piece).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const [, id = ''] = /^id: (.*)$/m.exec(event) ?? [];
      const [, data] = /^data: (.*)$/m.exec(event) ?? [];
      if (data !== undefined) yield { id, ...JSON.parse(data) };
    }
  }
}

export async function allIn(response: Response): Promise<Heard[]> {
  const heard: Heard[] = [];
  for await (const event of eventsIn(response)) heard.push(event);
  return heard;
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before several processes: sends each request to the next one that is there. */
export interface Balancer {
  readonly url: string;
  /** How many requests each port has taken. */
  readonly served: ReadonlyMap<number, number>;
  close(): void;
}

export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const served = new Map<number, number>();
  let turn = 0;

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const order = ports.map((_, index) => ports[(index + turn) % ports.length] ?? 0);
    turn += 1;
    for (const port of order) {
      const answer = await ask(port, incoming, body).catch(() => undefined);
      if (!answer) continue;
      if (answer.statusCode === 200) served.set(port, (served.get(port) ?? 0) + 1);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
      return;
    }
    outgoing.writeHead(502).end();
  }

  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    served,
    close: () => server.close().closeAllConnections(),
  };
}

function ask(
  port: number,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const passed = request({ host: '127.0.0.1', port, method, path: url, headers, agent: false }, resolve);
    passed.on('error', reject);
    passed.end(body);
  });
}

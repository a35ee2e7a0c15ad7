import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusalAnswer, send, toJson } from './answer.ts';
import type { RunningGateway } from './gateway/gateway.ts';
import { readBytes } from './request.ts';
import type { World } from './world.ts';

export interface ServerOptions {
  readonly world: World;
  readonly gateway: RunningGateway;
  readonly port: number;
  readonly knownAs: string | undefined;
  /** Answers calls under /api/v10. */
  readonly rest: (request: RestRequest) => Promise<void>;
  /** Answers what people ask under /_emulator/. */
  readonly control: (method: string, url: URL, body: Buffer) => unknown;
}

export interface RestRequest {
  readonly method: string;
  /** Without /api/v10. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
  readonly response: ServerResponse;
}

/** Listens for REST, for the gateway's WebSockets, for files and for people, all on one port. */
export async function startServer(
  options: ServerOptions,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    route(options, request, response).catch((error: unknown) => send(response, refusalAnswer(error)));
  });
  options.gateway.listen(server);
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  options.world.url = options.knownAs ?? `http://127.0.0.1:${port}`;
  return {
    port,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      options.gateway.stop();
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function route(options: ServerOptions, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const { method = 'GET', headers } = request;
  const bytes = await readBytes(request);
  if (url.pathname.startsWith('/_emulator/')) {
    return send(response, toJson(200, { ok: true, result: options.control(method, url, bytes) }));
  }
  if (url.pathname.startsWith('/attachments/')) return sendFile(options.world, url, response);
  const path = url.pathname.replace(/^\/api\/v10(?=\/)/, '');
  await options.rest({ method, path, query: url.searchParams, headers, bytes, response });
}

function sendFile({ files }: World, url: URL, response: ServerResponse) {
  const [, , , id = ''] = url.pathname.split('/');
  const file = files.get(id);
  // An address without its signature, or past its time, opens nothing.
  const isSigned = ['ex', 'is', 'hm'].every((name) => url.searchParams.has(name));
  if (file === undefined || !isSigned) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('This content is no longer available.');
    return;
  }
  response.writeHead(200, { 'content-type': file.contentType }).end(file.bytes);
}

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Update } from 'grammy/types';
import { onTestFinished } from 'vitest';

export interface Visit {
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;
}

/** A program that a webhook leads to, and that answers each visit as the test has it. */
export async function startHook(answer: (visit: Visit) => void) {
  const visits: Visit[] = [];
  const server = createServer(async (request, response) => {
    const body = await request.setEncoding('utf8').toArray();
    const update = JSON.parse(body.join('')) as Update;
    const visit = { text: update.message?.text ?? '', headers: request.headers, response };
    visits.push(visit);
    answer(visit);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    visits,
    texts: () => visits.map(({ text }) => text),
    server,
  };
}

export const say = (response: ServerResponse, status: number, headers = {}) =>
  response.writeHead(status, headers).end();
export const taken = ({ response }: Visit) => say(response, 200);

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface RawRequest {
  readonly line: string;
  readonly head: string;
  readonly body: string;
}

/** A reply, written byte by byte. */
export interface Reply {
  readonly socket: Socket;
  /** Writes the head of a reply whose end the closing connection marks. */
  open(status: string, contentType: string, ...headers: string[]): void;
  /** Writes a whole reply. */
  whole(status: string, contentType: string, body: string, ...headers: string[]): void;
  /** Writes the head of a chunked event stream. */
  stream(...headers: string[]): void;
  /** Writes one chunk of a chunked body. */
  chunk(text: string | Uint8Array): void;
  /** Ends a chunked body. */
  last(): void;
}

export interface RawServer {
  readonly url: string;
  readonly requests: RawRequest[];
  /** How many connections are open now. */
  openSockets(): number;
  /** How many there have been. */
  connections(): number;
  close(): Promise<void>;
}

/** An HTTP server that writes exactly what a test wants, down to the bytes and the way the connection ends. */
export async function startRawServer(
  answer: (reply: Reply, request: RawRequest) => void,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const requests: RawRequest[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let received = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      for (let taken = takeRequest(received); taken; taken = takeRequest(received)) {
        received = received.subarray(taken.length);
        requests.push(taken.request);
        answer(replyOn(socket), taken.request);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    openSockets: () => sockets.size,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function takeRequest(received: Buffer): { request: RawRequest; length: number } | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = received.subarray(0, headEnd).toString();
  const bodyLength = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  const length = headEnd + 4 + bodyLength;
  if (received.length < length) return undefined;
  const body = received.subarray(headEnd + 4, length).toString();
  return { request: { line: head.split('\r\n')[0] ?? '', head, body }, length };
}

function replyOn(socket: Socket): Reply {
  const head = (status: string, ...headers: string[]): void => {
    socket.write(`${[`HTTP/1.1 ${status}`, ...headers].join('\r\n')}\r\n\r\n`);
  };
  return {
    socket,
    open: (status, type, ...headers) =>
      head(status, `Content-Type: ${type}`, 'Connection: close', ...headers),
    whole: (status, type, body, ...headers) => {
      head(status, `Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`, ...headers);
      socket.write(body);
    },
    stream: (...headers) =>
      head('200 OK', 'Content-Type: text/event-stream', 'Transfer-Encoding: chunked', ...headers),
    chunk: (text) => {
      const bytes = Buffer.from(text as string);
      socket.write(
        Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]),
      );
    },
    last: () => socket.write('0\r\n\r\n'),
  };
}

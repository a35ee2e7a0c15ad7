import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Twenty a second from each stream. */
const everyMs = 50;

/** As much of Coze as hundreds of streams need, and as cheap as can be: the emulator would use up the machine. */
export interface StreamServer {
  readonly url: string;
  /** Deltas sent so far. */
  readonly deltas: number;
  /** How often the rest of an answer was asked for: the reader has lost its stream, or its turn. */
  readonly broken: number;
  /** By how many milliseconds each delta since the last call was late. */
  takeLateness(): number[];
  /** When the newest delta in this text was sent, in milliseconds since 1970: each delta says so. */
  sentAt(text: string): number | undefined;
  close(): Promise<void>;
}

interface Stream {
  readonly socket: Socket;
  readonly response: ServerResponse;
  readonly endsAt: number;
  nextAt: number;
}

/** How every answer ends. */
export const lastWords = 'The end.';

/** Answers each question until the time that it names, in milliseconds since 1970; to one that names none it says nothing. */
export async function startStreamServer(): Promise<StreamServer> {
  const startedAt = Date.now();
  // All have the same interval: whoever had its turn is the last in line.
  const streams: Stream[] = [];
  let deltas = 0;
  let broken = 0;
  let lateness: number[] = [];
  let timer: NodeJS.Timeout | undefined;

  function work(): void {
    for (let now = Date.now(); (streams[0]?.nextAt ?? Number.POSITIVE_INFINITY) <= now; now = Date.now()) {
      const stream = streams.shift();
      if (!stream || stream.socket.destroyed) continue;
      if (now >= stream.endsAt) {
        stream.response.end(ending);
        continue;
      }
      stream.socket.write(frame(delta(`${String(now - startedAt).padStart(7, '0')} `)), 'latin1');
      lateness.push(now - stream.nextAt);
      deltas += 1;
      stream.nextAt += everyMs;
      streams.push(stream);
    }
    const [next] = streams;
    timer = next && setTimeout(work, Math.max(1, next.nextAt - Date.now()));
  }

  function begin(endsAt: number, response: ServerResponse): void {
    const { socket } = response;
    if (!socket) return;
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(opening);
    if (Number.isNaN(endsAt)) return;
    streams.push({ socket, response, nextAt: Date.now() + everyMs, endsAt });
    timer ??= setTimeout(work, everyMs);
  }

  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const path = new URL(request.url ?? '/', 'http://coze').pathname;
    if (path === '/v3/chat') return begin(Number(body.additional_messages[0].content), response);
    if (path === '/v3/chat/retrieve') broken += 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ code: 0, msg: '', data: replies[path] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get deltas() {
      return deltas;
    },
    get broken() {
      return broken;
    },
    takeLateness() {
      const taken = lateness;
      lateness = [];
      return taken;
    },
    sentAt(text) {
      const said = /(\d{7})\s*$/.exec(text)?.[1];
      return said === undefined ? undefined : startedAt + Number(said);
    },
    async close() {
      clearTimeout(timer);
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage) {
  let body = '';
  for await (const piece of request) body += piece;
  return JSON.parse(body || '{}');
}

const ids = { conversation_id: '7300000000000000002', bot_id: '7300000000000000001' };

const event = (name: string, data: object) => `event:conversation.${name}\ndata:${JSON.stringify(data)}\n\n`;

const chat = (status: string) => ({ id: '7300000000000000003', ...ids, status, created_at: 1_760_000_000 });

const message = (content: string) => ({
  id: '7300000000000000004',
  ...ids,
  role: 'assistant',
  type: 'answer',
  content,
  content_type: 'text',
  chat_id: '7300000000000000003',
  section_id: '7300000000000000002',
  meta_data: {},
});

const [beforeContent = '', afterContent = ''] = event('message.delta', message('%')).split('%');
const delta = (content: string) => beforeContent + content + afterContent;

/** A chunk of a chunked body, all of one byte a character. */
const frame = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

const opening = event('chat.created', chat('created')) + event('chat.in_progress', chat('in_progress'));
const ending = `${delta(lastWords)}${event('chat.completed', chat('completed'))}event:done\ndata:"[DONE]"\n\n`;

/** To everything but a question. */
const replies: Record<string, unknown> = {
  '/v1/conversation/create': { id: ids.conversation_id },
  '/v3/chat/retrieve': chat('completed'),
  '/v3/chat/message/list': [message(lastWords)],
};

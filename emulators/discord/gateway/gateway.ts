import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { BotState, World } from '../world.ts';
import { type Connection, type ConnectionRecord, createConnection } from './connection.ts';
import { type Lack, without } from './lacks.ts';
import { createManners, type Manners } from './manners.ts';
import { createSessions } from './sessions.ts';

export interface GatewayOptions {
  readonly heartbeatIntervalMs: number;
  readonly resumableForMs: number;
  readonly identifyIntervalMs: number;
  readonly sessionStarts: number;
  readonly eventsPerMinute: number;
  /** What it leaves out, as servers do that only resemble Discord. */
  readonly lacks: readonly Lack[];
}

export const defaultGatewayOptions: GatewayOptions = {
  heartbeatIntervalMs: 41_250,
  resumableForMs: 180_000,
  identifyIntervalMs: 5000,
  sessionStarts: 1000,
  eventsPerMinute: 120,
  lacks: [],
};

/** What a test sees of the gateway, and how it makes it misbehave. */
export interface Gateway extends Manners {
  /** Every connection that was ever made, the first one first. */
  readonly connections: readonly ConnectionRecord[];
  /** Sessions that are connected now. */
  readonly online: (bot?: BotState) => number;
  /** The line goes dead; events wait for the session to be resumed. */
  drop(): void;
  /** Asks clients to reconnect. */
  reconnect(): void;
  /** Tells clients that their session is invalid. */
  invalidate(options?: { readonly resumable?: boolean }): void;
  close(code: number): void;
  /** Tells every session of something, whether or not it can be. */
  tell(name: string, data: unknown): void;
  /** Sends this to everybody who is connected, whatever it is. */
  push(bytes: string): void;
}

export interface RunningGateway extends Gateway {
  /** What GET /gateway/bot says. */
  describe(bot: BotState): unknown;
  listen(server: Server): void;
  stop(): void;
}

export function createGateway(world: World, options: GatewayOptions): RunningGateway {
  const sessions = createSessions({ world, ...options });
  const records: ConnectionRecord[] = [];
  const open = new Set<Connection>();
  const sockets = new WebSocketServer({ noServer: true });
  const manners = createManners();
  world.publish = sessions.publish;

  sockets.on('connection', (socket, request) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const record = createRecord(world, socket, url);
    records.push(record);
    if (url.searchParams.get('v') !== '10') return socket.close(4012);
    // Only JSON is spoken here; a client that wants more is told that it cannot be understood.
    if ((url.searchParams.get('encoding') ?? 'json') !== 'json' || url.searchParams.has('compress'))
      return socket.close(4002);
    const connection = createConnection({
      world,
      sessions,
      socket,
      record,
      ...options,
      manners,
    });
    open.add(connection);
    socket.on('close', () => open.delete(connection));
  });

  return {
    ...manners,
    connections: records,
    online: (bot) =>
      [...open].filter((connection) => {
        const session = connection.session();
        return session !== undefined && (bot ?? session.bot) === session.bot;
      }).length,
    drop() {
      for (const connection of open) connection.drop();
    },
    reconnect() {
      for (const connection of open) connection.reconnect();
    },
    invalidate({ resumable = false } = {}) {
      for (const connection of open) connection.invalidate(resumable);
    },
    close(code) {
      for (const connection of open) connection.close(code);
    },
    tell: sessions.tell,
    push(bytes) {
      for (const connection of open) connection.push(bytes);
    },
    describe: (bot) =>
      without(
        options.lacks,
        describe(world.url, { total: options.sessionStarts, ...sessions.startsLeft(bot) }),
      ),
    listen: (server) =>
      server.on('upgrade', (request, socket, head) => {
        if (manners.turnsAway(new URL(request.url ?? '/', 'http://localhost').pathname, socket)) return;
        sockets.handleUpgrade(request, socket, head, (accepted) =>
          sockets.emit('connection', accepted, request),
        );
      }),
    stop() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

function createRecord(world: World, socket: WebSocket, { pathname }: URL): ConnectionRecord {
  const record: ConnectionRecord = {
    at: world.now(),
    path: pathname,
    received: [],
    sessionId: undefined,
    closeCode: undefined,
  };
  // What a client does to its line must not end the server; the line itself is closed then anyway.
  socket.on('error', () => {});
  socket.on('close', (code) => {
    record.closeCode = code;
  });
  return record;
}

interface Starts {
  readonly total: number;
  readonly remaining: number;
  readonly resetAfterMs: number;
}

function describe(url: string, { total, remaining, resetAfterMs }: Starts) {
  return {
    url: url.replace('http', 'ws'),
    shards: 1,
    session_start_limit: { total, remaining, reset_after: resetAfterMs, max_concurrency: 1 },
  };
}

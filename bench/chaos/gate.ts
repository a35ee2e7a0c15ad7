import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A door to a port of this machine, whose connections can be cut. */
export interface Gate {
  readonly port: number;
  /** Resets every connection that leads through it, as a machine that has lost its power does. */
  cut(): void;
  close(): Promise<void>;
}

/** `to` is asked at each connection: the server may come later than its gate. */
export async function openGate(to: () => number): Promise<Gate> {
  const sockets = new Set<Socket>();
  const follow = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    follow(client);
    const inner = follow(connect(to(), '127.0.0.1'));
    client.pipe(inner).pipe(client);
    // Whoever is killed, or not there at all, resets the connection: so must we.
    client.on('close', () => inner.resetAndDestroy());
    inner.on('close', () => client.resetAndDestroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    async close() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

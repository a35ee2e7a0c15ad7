import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { certificate } from './certificate.ts';
import { readConnect } from './proxy-http.ts';
import { readSocks } from './proxy-socks.ts';

/** What somebody whom the proxy lets in has asked for. */
export interface Asked {
  /** `host:port`, with the name as it was sent. */
  readonly target: string;
  grant(): void;
  /** The host cannot be reached. */
  deny(): void;
}

export type LetIn = (user: string, password: string) => boolean;

/** How a proxy does its work: `mute` grants everything and then says no more, `hangUp` grants and closes. */
type Manner = 'serve' | 'silent' | 'deny' | 'mute' | 'hangUp';

export interface LocalProxy {
  /** What a variable is set to. */
  readonly url: string;
  readonly port: number;
  /** How it is to work from now on. */
  manner: Manner;
  /** Every tunnel that was asked for, in order, as `host:port`. */
  readonly targets: string[];
  /** How many connections there have been, and are open now. */
  connections(): number;
  openSockets(): number;
  /** Ends every tunnel. */
  cut(): void;
  close(): Promise<void>;
}

export interface ProxyOptions {
  readonly kind: 'http' | 'https' | 'socks5' | 'socks5h';
  /** The ports on this machine behind the names that only the proxy knows, by `host:port`. */
  readonly names?: Readonly<Record<string, number>>;
  /** Whom it lets in: everybody, if nobody is named. */
  readonly user?: string;
  readonly password?: string;
}

/** A proxy on this machine that leads nowhere but to the given names. */
export async function startProxy({
  kind,
  names = {},
  user,
  password = '',
}: ProxyOptions): Promise<LocalProxy> {
  const sockets = new Set<Socket>();
  const targets: string[] = [];
  let connections = 0;
  const follow = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };

  const isKnown: LetIn = (name, given) => name === user && given === password;
  const letIn = user === undefined ? undefined : isKnown;

  async function serve(client: Socket): Promise<void> {
    connections += 1;
    follow(client);
    if (proxy.manner === 'silent') return void client.resume();
    const asked = await (kind.startsWith('http') ? readConnect : readSocks)(client, letIn);
    if (!asked) return;
    targets.push(asked.target);
    const port = names[asked.target];
    if (proxy.manner === 'deny' || port === undefined) return asked.deny();
    asked.grant();
    if (proxy.manner === 'hangUp') return void client.end();
    if (proxy.manner === 'mute') return void client.resume();
    const server = follow(connect(port, '127.0.0.1'));
    client.pipe(server).pipe(client);
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  }

  const accept = (client: Socket) => void serve(client).catch(() => client.destroy());
  const server = kind === 'https' ? createTlsServer(certificate, accept) : createServer(accept);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const opening = user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const proxy: LocalProxy = {
    url: `${kind}://${opening}127.0.0.1:${port}`,
    port,
    manner: 'serve',
    targets,
    connections: () => connections,
    openSockets: () => sockets.size,
    cut,
    async close() {
      if (!server.listening) return;
      cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

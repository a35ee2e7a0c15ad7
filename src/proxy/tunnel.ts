import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect as connectPlain, isIP, isIPv6, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { SocksClient } from 'socks';
import type { Endpoint } from '../../adapters/platform.ts';
import type { Clock } from '../core/ports/world.ts';
import { nameOf, type ProxyAddress } from './address.ts';

export interface TunnelOptions {
  readonly proxy: ProxyAddress;
  readonly clock: Clock;
  /** How long the proxy may take until all is ready. */
  readonly patienceMs: number;
}

/**
 * A connection to `to` through the proxy, which also looks up the name: where a network needs one, what its name
 * servers say of the host is often false. Rejects as `ProxyWay` says; what TLS does not like about the host is told
 * as it is.
 */
export async function openTunnel(to: Endpoint, { proxy, clock, patienceMs }: TunnelOptions): Promise<Socket> {
  const opened: Socket[] = [];
  const keep = (socket: Socket): Socket => {
    opened.push(socket);
    return socket;
  };
  const over = new AbortController();
  const late = clock.sleep(patienceMs, over.signal).then(() => {
    throw proxyFailure(proxy, `was silent for ${patienceMs} ms`);
  });
  try {
    return await Promise.race([late, dig(to, proxy, keep)]);
  } catch (error) {
    for (const socket of opened) socket.destroy();
    throw error;
  } finally {
    over.abort('in time');
  }
}

type Keep = (socket: Socket) => Socket;

async function dig(to: Endpoint, proxy: ProxyAddress, keep: Keep): Promise<Socket> {
  const socket = keep(dial(proxy));
  await once(socket, proxy.kind === 'https' ? 'secureConnect' : 'connect').catch((error: unknown) => {
    throw proxyFailure(proxy, `cannot be reached (${codeOf(error)})`);
  });
  await (proxy.kind === 'socks' ? askSocks(socket, to, proxy) : askHttp(socket, to, proxy));
  if (!to.secure) return socket;
  const secured = keep(connectSecure({ socket, ...identityOf(to.host) }));
  await once(secured, 'secureConnect').catch((error: unknown) => {
    if (codeOf(error) !== 'ECONNRESET') throw error;
    throw proxyFailure(
      proxy,
      `lets nothing through to ${authorityOf(to)}: the connection was closed at once`,
    );
  });
  return secured;
}

function dial({ kind, host, port }: ProxyAddress): Socket {
  return kind === 'https' ? connectSecure({ port, ...identityOf(host) }) : connectPlain({ host, port });
}

/** Whom TLS is to meet, and that HTTP/1.1 will be spoken. */
const identityOf = (host: string) => ({
  host,
  ...(!isIP(host) && { servername: host }),
  ALPNProtocols: ['http/1.1'],
});

async function askHttp(socket: Socket, to: Endpoint, proxy: ProxyAddress): Promise<void> {
  const { user, password } = proxy;
  const token = Buffer.from(`${user}:${password}`).toString('base64');
  const asking = request({
    method: 'CONNECT',
    path: authorityOf(to),
    headers: {
      host: authorityOf(to),
      // Else Node asks the proxy to close.
      connection: 'keep-alive',
      ...((user || password) && { 'proxy-authorization': `Basic ${token}` }),
    },
    createConnection: () => socket,
  }).end();
  const answered = once(asking, 'connect') as Promise<[IncomingMessage]>;
  const [{ statusCode = 0 }] = await answered.catch((error: unknown) => {
    throw proxyFailure(proxy, `does not answer as an HTTP proxy does (${codeOf(error)})`);
  });
  // Tinyproxy says 401 to a wrong password.
  if (statusCode === 407 || statusCode === 401) throw proxyFailure(proxy, wantsPassword(proxy));
  if (statusCode > 299)
    throw proxyFailure(proxy, `gives no connection to ${authorityOf(to)} (${statusCode})`);
}

async function askSocks(socket: Socket, to: Endpoint, proxy: ProxyAddress): Promise<void> {
  const { host, port, user, password } = proxy;
  try {
    await SocksClient.createConnection({
      proxy: { type: 5, host, port, ...((user || password) && { userId: user, password }) },
      command: 'connect',
      destination: { host: to.host, port: to.port },
      existing_socket: socket,
    });
  } catch (error) {
    throw proxyFailure(proxy, socksWords(error, to, proxy));
  }
}

/** The library has words only. Not all of the error: it holds the password. */
function socksWords(error: unknown, to: Endpoint, proxy: ProxyAddress): string {
  const said = error instanceof Error ? error.message : '';
  if (/auth/i.test(said)) return wantsPassword(proxy);
  const [, refusal] = /rejected connection - (\w+)/.exec(said) ?? [];
  if (refusal) return `gives no connection to ${authorityOf(to)} (${refusal})`;
  return `does not answer as a SOCKS5 proxy does (${said})`;
}

function wantsPassword({ user, password }: ProxyAddress): string {
  if (user || password) return 'does not accept the user name and password that are set';
  return 'wants a user name and a password: set them in its address';
}

const authorityOf = ({ host, port }: Endpoint): string => `${isIPv6(host) ? `[${host}]` : host}:${port}`;

/** Its words are its code as well, see `ProxyWay`; the cause is in the words. */
function proxyFailure(proxy: ProxyAddress, words: string): Error {
  const said = `the proxy ${nameOf(proxy)} ${words}`;
  return Object.assign(new Error(said), { code: said });
}

function codeOf(error: unknown): string {
  const { code } = Object(error) as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'no reason given';
}

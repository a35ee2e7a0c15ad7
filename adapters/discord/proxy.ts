import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import type { Client } from 'discord.js';
import type { Dispatcher } from 'undici';
import type { ClientOptions } from 'ws';
import type { ProxyWay } from '../platform.ts';

/** For the REST client. One for each way, so that calls share tunnels. */
export function dispatcherBy(proxy: ProxyWay): Promise<Dispatcher> {
  const known = dispatchers.get(proxy) ?? createDispatcher(proxy);
  dispatchers.set(proxy, known);
  return known;
}

const dispatchers = new WeakMap<ProxyWay, Promise<Dispatcher>>();

async function createDispatcher(proxy: ProxyWay): Promise<Dispatcher> {
  const { Agent } = await import('undici');
  return new Agent({
    connect({ hostname, port, protocol }, done) {
      const secure = protocol === 'https:';
      proxy.connect({ host: hostname, port: Number(port) || (secure ? 443 : 80), secure }).then(
        (socket) => done(null, socket),
        (error: Error) => done(error, null),
      );
    },
  });
}

/** The way of the client at work; Node keeps it through all that follows from a login, such as connecting again. */
const way = new AsyncLocalStorage<ProxyWay>();

/** Lets a client's WebSockets go through the proxy, also those that it opens later by itself. */
export function connectBy(proxy: ProxyWay, client: Client): void {
  const login = client.login.bind(client);
  client.login = (token) => way.run(proxy, () => login(token));
}

/** discord.js, whose WebSockets can go through a proxy if there is one. */
export async function loadDiscord(proxy: ProxyWay | undefined): Promise<typeof import('discord.js')> {
  if (proxy) prepareSockets();
  return import('discord.js');
}

/** As discord.js uses it. */
interface SocketLibrary {
  WebSocket: new (address: string, protocols: string[], options: ClientOptions) => object;
}

let isPrepared = false;

/**
 * discord.js has no option for the WebSocket's agent, and ws asks no global one. But the part of it that connects takes
 * the class from ws when it is loaded: so it is loaded here, and finds a class that adds the agent. Nobody else does:
 * ws is itself again at once.
 */
function prepareSockets(): void {
  if (isPrepared) return;
  const requireByDiscord = createRequire(createRequire(import.meta.url).resolve('discord.js'));
  const path = requireByDiscord.resolve('@discordjs/ws');
  if (requireByDiscord.cache[path])
    throw new Error(
      'DISCORD_PROXY: discord.js was loaded before, and its WebSockets would go without the proxy',
    );
  const ws: SocketLibrary = createRequire(path)('ws');
  const { WebSocket } = ws;
  ws.WebSocket = class extends WebSocket {
    constructor(address: string, protocols: string[], options: ClientOptions) {
      const agent = address.startsWith('wss:') ? 'httpsAgent' : 'httpAgent';
      super(address, protocols, { ...options, agent: way.getStore()?.[agent] });
    }
  };
  try {
    requireByDiscord('@discordjs/ws');
  } finally {
    ws.WebSocket = WebSocket;
  }
  isPrepared = true;
}

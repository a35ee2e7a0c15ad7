import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { ProxyWay } from '../../adapters/platform.ts';
import type { Clock } from '../core/ports/world.ts';
import type { ProxyAddress } from './address.ts';
import { openTunnel } from './tunnel.ts';

/** Less than any caller's own limit, so that it is the proxy that is named. */
const usualPatienceMs = 8_000;

/** A tunnel is used again and again; one that has died unseen would cost a request its whole time limit. */
const keptAlive = { keepAlive: true, timeout: 15_000 };

/** One for each leg: what goes to the same host shares tunnels. */
export function createProxyWay(
  proxy: ProxyAddress,
  { clock, patienceMs = usualPatienceMs }: { readonly clock: Clock; readonly patienceMs?: number },
): ProxyWay {
  const connect: ProxyWay['connect'] = (to) => openTunnel(to, { proxy, clock, patienceMs });

  function through<Agent extends http.Agent>(agent: Agent, secure: boolean): Agent {
    agent.createConnection = ({ host, port }, done) => {
      connect({ host: host ?? 'localhost', port: Number(port), secure }).then(
        (socket) => done?.(null, socket),
        (error: Error) => done?.(error, undefined as unknown as Socket),
      );
      return undefined;
    };
    return agent;
  }

  return {
    httpAgent: through(new http.Agent(keptAlive), false),
    httpsAgent: through(new https.Agent(keptAlive), true),
    connect,
  };
}

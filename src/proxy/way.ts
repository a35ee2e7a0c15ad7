import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { ProxyWay } from '../../adapters/platform.ts';
import type { Clock } from '../core/ports/world.ts';
import type { ProxyAddress } from './address.ts';
import { openTunnel } from './tunnel.ts';

/** Less than nearly all callers' own limits, so that it is the proxy that is named. */
const usualPatienceMs = 8_000;

/** How long a tunnel waits to be used again: one that died unseen would cost a request its whole time limit. */
const usualIdleMs = 15_000;

interface WayOptions {
  readonly clock: Clock;
  readonly patienceMs?: number;
  readonly idleMs?: number;
}

/** One for each leg: what goes to the same host shares tunnels. */
export function createProxyWay(
  proxy: ProxyAddress,
  { clock, patienceMs = usualPatienceMs, idleMs = usualIdleMs }: WayOptions,
): ProxyWay {
  const keptAlive = { keepAlive: true, timeout: idleMs };
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

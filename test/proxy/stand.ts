import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { ProxyWay } from '../../adapters/platform.ts';
import { systemClock } from '../../src/clock.ts';
import type { Clock } from '../../src/core/ports/world.ts';
import { proxyOf } from '../../src/proxy/address.ts';
import { createProxyWay } from '../../src/proxy/way.ts';
import { type LocalProxy, type ProxyOptions, startProxy } from '../support/proxy.ts';

/** A proxy that ends with the test. */
export async function openProxy(options: ProxyOptions): Promise<LocalProxy> {
  const proxy = await startProxy(options);
  onTestFinished(() => proxy.close());
  return proxy;
}

/** The way through a proxy, as a variable that is set to `url` opens it. */
export function wayBy(url: string, clock: Clock = systemClock, idleMs = 15_000): ProxyWay {
  const address = proxyOf({ variable: 'A_PROXY', server: undefined }, { A_PROXY: url });
  if (!address) throw new Error('off');
  return createProxyWay(address, { clock, idleMs });
}

/** The body of an answer; rejects with what the library makes of a failure. */
export function get(way: ProxyWay, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request(url, { agent: way.httpAgent }, (response) => {
      let body = '';
      response.on('data', (piece) => {
        body += piece;
      });
      response.on('end', () => resolve(body));
    })
      .on('error', reject)
      .end();
  });
}

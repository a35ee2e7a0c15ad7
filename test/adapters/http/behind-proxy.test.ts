import { get, type IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { isProxy } from '../../../adapters/http/trusted-proxies.ts';
import { type Served, serve } from './served.ts';

const key = 'cb_0123456789abcdefghij';
const trusting = (proxies: string) => ({
  SERVER_API_KEYS: key,
  SERVER_TRUST_PROXY: proxies,
  SERVER_RATE_PER_MINUTE: '2',
});

describe('whose word for an address is taken', () => {
  test.each([
    '127.0.0.1',
    '::1',
    '10.0.0.0/8',
    '203.0.113.7/32',
    'fc00::/7',
    '2400:cb00::/32',
    '::ffff:10.0.0.1',
    'loopback',
    'linklocal',
    'uniquelocal',
  ])('%s may be trusted', (text) => {
    expect(isProxy(text)).toBe(true);
  });

  test.each([
    'true',
    'all',
    '*',
    '1',
    '0.0.0.0/0',
    '::/0',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '2000::/3',
    '0.0.0.0/0.0.0.0',
    '::ffff:0.0.0.0/96',
    '0:0:0:0:0:ffff:0:0/97',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0',
    '010.0.0.1',
    'nginx',
    'fe80::1%eth0',
    'constructor',
  ])('%s may not', (text) => {
    expect(isProxy(text)).toBe(false);
  });
});

async function statuses(bridge: Served, ...forwarded: (string | undefined)[]): Promise<number[]> {
  const heard: number[] = [];
  for (const from of forwarded) {
    const headers = { authorization: `Bearer ${key}`, ...(from && { 'x-forwarded-for': from }) };
    heard.push((await bridge.get('/session/none/info', headers)).status);
  }
  return heard;
}

describe('behind a reverse proxy', () => {
  test('that is trusted, each person has a rate of their own, and nobody can be somebody else', async () => {
    const bridge = await serve('embedded', trusting('10.9.8.7, Loopback'));
    const [ada, bob] = ['203.0.113.1', '203.0.113.2'];
    expect(await statuses(bridge, ada, ada, ada, bob)).toEqual([404, 404, 429, 404]);
    // What a client has written itself stands before what the proxy knows.
    expect(await statuses(bridge, `198.51.100.1, ${ada}`, `198.51.100.2, ${ada}`)).toEqual([429, 429]);
    expect(await statuses(bridge, `${bob}, 10.9.8.7`, bob)).toEqual([404, 429]);
  });

  test.each([
    ['none is trusted', ''],
    ['another is trusted', '10.9.8.7,uniquelocal'],
  ])('while %s, the header is anybody’s word', async (_what, proxies) => {
    const bridge = await serve('embedded', trusting(proxies));
    expect(await statuses(bridge, '203.0.113.1', '203.0.113.2', '203.0.113.3')).toEqual([404, 404, 429]);
  });

  test('it does not start without keys, nor when everybody would be trusted', async () => {
    await expect(serve('embedded', { SERVER_TRUST_PROXY: 'loopback' })).rejects.toThrow(
      /SERVER_API_KEYS: required with SERVER_TRUST_PROXY/,
    );
    await expect(serve('embedded', trusting('127.0.0.1,true'))).rejects.toThrow(
      /SERVER_TRUST_PROXY: must be addresses/,
    );
  });

  test('a page of the web cannot pass for this machine by X-Forwarded-Host', async () => {
    const bridge = await serve('embedded');
    const { port } = new URL(bridge.url);
    const ask = (headers: IncomingHttpHeaders) =>
      new Promise((resolve) =>
        get({ port, host: '127.0.0.1', path: '/bots', headers }, (response) =>
          resolve(response.resume().statusCode),
        ),
      );
    const forwarded = { 'x-forwarded-host': 'localhost', forwarded: 'host=localhost' };
    expect(await ask({ host: `evil.example:${port}`, ...forwarded })).toBe(401);
    expect(await ask({ host: `localhost:${port}`, 'x-forwarded-host': 'evil.example' })).not.toBe(401);
  });
});

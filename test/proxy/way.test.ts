import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Reply, startRawServer } from '../coze/raw-server.ts';
import { eventually } from '../coze/stand.ts';
import { createStillClock } from '../coze/still-clock.ts';
import { startTlsFront } from '../support/certificate.ts';
import { get, openProxy, wayBy } from './stand.ts';

const kinds = [{ kind: 'http' }, { kind: 'socks5' }, { kind: 'socks5h' }] as const;

const hello = (reply: Reply) => reply.whole('200 OK', 'text/plain', 'hello');

async function serve(answer = hello) {
  const server = await startRawServer(answer);
  onTestFinished(() => server.close());
  return { server, names: { 'host.test:80': Number(new URL(server.url).port) } };
}

describe.each(kinds)('the way through a proxy, $kind,', ({ kind }) => {
  test('leads to a name that only the proxy can look up', async () => {
    const { names } = await serve();
    const proxy = await openProxy({ kind, names });
    const clock = createStillClock();
    expect(await get(wayBy(proxy.url, clock), 'http://host.test/')).toBe('hello');
    expect(proxy.targets).toEqual(['host.test:80']);
    expect(clock.sleeps(8_000)).toBe(false);
  });

  test('uses a tunnel again', async () => {
    const { names } = await serve();
    const proxy = await openProxy({ kind, names });
    const way = wayBy(proxy.url);
    for (const _ of [1, 2, 3]) await get(way, 'http://host.test/');
    expect(proxy.targets).toHaveLength(1);
  });

  test('closes a tunnel that nobody has used for a while', async () => {
    const { names } = await serve();
    const proxy = await openProxy({ kind, names });
    await get(wayBy(proxy.url, undefined, 30), 'http://host.test/');
    await eventually(() => proxy.openSockets()).toBe(0);
  });

  test('has a tunnel for each of the requests of one moment', async () => {
    const { names } = await serve();
    const proxy = await openProxy({ kind, names });
    const way = wayBy(proxy.url);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(way, 'http://host.test/')));
    expect(new Set(answers)).toEqual(new Set(['hello']));
    expect(proxy.targets).toHaveLength(20);
  });

  test('is opened by a user name and a password, with whatever is in them', async () => {
    const { names } = await serve();
    const proxy = await openProxy({ kind, names, user: 'me@work', password: 'p:@/#ss 密码' });
    expect(await get(wayBy(proxy.url), 'http://host.test/')).toBe('hello');
  });

  test.each([
    ['a user without a password', { user: 'token' }],
    ['a password without a user', { user: '', password: 'secret' }],
  ])('is open to %s', async (_, who) => {
    const { names } = await serve();
    const proxy = await openProxy({ kind, names, ...who });
    expect(await get(wayBy(proxy.url), 'http://host.test/')).toBe('hello');
  });

  test('is closed with the request that is given up', async () => {
    const { server, names } = await serve((reply) => reply.stream());
    const proxy = await openProxy({ kind, names });
    const way = wayBy(proxy.url);
    const asking = request('http://host.test/', { agent: way.httpAgent }).end();
    await once(asking, 'response');
    asking.on('error', () => undefined).destroy();
    await eventually(() => proxy.openSockets() + server.openSockets()).toBe(0);
  });
});

describe.each(kinds)('what is wrong with a proxy, $kind, is said of it:', ({ kind }) => {
  /** As the error's words, and as its code. */
  async function failure(url: string, clock = createStillClock(), secure = false) {
    const failed = await wayBy(url, clock)
      .connect({ host: 'host.test', port: 80, secure })
      .then(
        () => expect.fail('it did not fail'),
        (error: Error & { code?: string }) => error,
      );
    expect(failed.code).toBe(failed.message);
    expect(failed.message).toMatch(/^the proxy 127\.0\.0\.1:\d+ /);
    expect(failed.cause).toBeUndefined();
    return failed.message.replace(/^the proxy \S+ /, '');
  }

  test('nobody is there', async () => {
    const proxy = await openProxy({ kind });
    await proxy.close();
    expect(await failure(proxy.url)).toBe('cannot be reached (ECONNREFUSED)');
  });

  test('it wants a password', async () => {
    const proxy = await openProxy({ kind, user: 'me', password: 'secret' });
    expect(await failure(`${kind}://127.0.0.1:${proxy.port}`)).toBe(
      'wants a user name and a password: set them in its address',
    );
  });

  test.each(['me:wrong', ':wrong'])('it does not accept %s', async (who) => {
    const proxy = await openProxy({ kind, user: 'me', password: 'secret' });
    expect(await failure(`${kind}://${who}@127.0.0.1:${proxy.port}`)).toBe(
      'does not accept the user name and password that are set',
    );
  });

  test('it does not reach the host', async () => {
    const proxy = await openProxy({ kind });
    expect(await failure(proxy.url)).toBe(
      `gives no connection to host.test:80 (${kind === 'http' ? '502' : 'HostUnreachable'})`,
    );
    await eventually(() => proxy.openSockets()).toBe(0);
  });

  test('it is silent', async () => {
    const proxy = await openProxy({ kind });
    proxy.manner = 'silent';
    const clock = createStillClock();
    const failing = failure(proxy.url, clock);
    await eventually(() => proxy.connections()).toBe(1);
    clock.advance(7_999);
    expect(proxy.openSockets()).toBe(1);
    clock.advance(1);
    expect(await failing).toBe('was silent for 8000 ms');
    await eventually(() => proxy.openSockets()).toBe(0);
  });

  test('it grants everything, and then is silent', async () => {
    const { names } = await serve();
    const proxy = await openProxy({ kind, names });
    proxy.manner = 'mute';
    const clock = createStillClock();
    const failing = failure(proxy.url, clock, true);
    await eventually(() => proxy.targets.length).toBe(1);
    clock.advance(8_000);
    expect(await failing).toBe('was silent for 8000 ms');
    await eventually(() => proxy.openSockets()).toBe(0);
  });

  test('it grants everything, and then hangs up', async () => {
    const { names } = await serve();
    const proxy = await openProxy({ kind, names });
    proxy.manner = 'hangUp';
    expect(await failure(proxy.url, undefined, true)).toBe(
      'lets nothing through to host.test:80: the connection was closed at once',
    );
  });

  test.each([
    ['hangs up', ''],
    ['is a web server', 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'],
    ['is something else', '\x05\xff'],
  ])('it %s', async (_, said) => {
    const server = createServer((socket) => socket.once('data', () => socket.end(said, 'latin1')));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const words = await failure(`${kind}://127.0.0.1:${port}`);
    if (kind === 'http')
      expect(words).toMatch(/^does not answer as an HTTP proxy does \(|^gives no connection .* \(400\)/);
    else expect(words).toMatch(/^does not answer as a SOCKS5 proxy does \(|^wants a user name/);
  });
});

test('an HTTP proxy that says 401 to a wrong password is understood', async () => {
  const { server } = await serve((reply) => reply.whole('401 Unauthorized', 'text/plain', 'no'));
  const url = `http://me:wrong@${new URL(server.url).host}`;
  await expect(get(wayBy(url), 'http://host.test/')).rejects.toThrow(
    /^the proxy \S+ does not accept the user name and password that are set$/,
  );
});

test('an HTTP proxy is told an IPv6 address in brackets', async () => {
  const { names } = await serve();
  const proxy = await openProxy({ kind: 'http', names: { '[::1]:80': names['host.test:80'] } });
  expect(await get(wayBy(proxy.url), 'http://[::1]/')).toBe('hello');
});

test('a proxy over TLS that nobody vouches for is not trusted with a password', async () => {
  const { names } = await serve();
  const proxy = await openProxy({ kind: 'https', names, user: 'me', password: 'secret' });
  await expect(get(wayBy(proxy.url), 'http://host.test/')).rejects.toThrow(
    /^the proxy \S+ cannot be reached \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
  );
});

test('a host that nobody vouches for is not the fault of the proxy', async () => {
  const { names } = await serve();
  const front = await startTlsFront(names['host.test:80'], 'host.test');
  onTestFinished(() => front.close());
  const proxy = await openProxy({ kind: 'http', names: { 'host.test:443': front.port } });
  const connecting = wayBy(proxy.url).connect({ host: 'host.test', port: 443, secure: true });
  await expect(connecting).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  await eventually(() => proxy.openSockets()).toBe(0);
});

import { describe, expect, test } from 'vitest';
import { fetchGrant } from '../../src/coze/grant.ts';
import { openProxy, wayBy } from '../proxy/stand.ts';
import type { LocalProxy } from '../support/proxy.ts';
import { openOAuth, ours } from './oauth-stand.ts';
import type { Reply } from './raw-server.ts';
import { eventually, factsOf, failureOf, hear, openStand, question, streaming } from './stand.ts';
import { begin, delta, hello } from './wire-samples.ts';

const lingering = (reply: Reply): void => {
  reply.stream();
  reply.chunk(begin + delta('One'));
};
const made = (reply: Reply): void =>
  reply.whole('200 OK', 'application/json', '{"code":0,"data":{"id":"7379462189365198898"}}');

describe.each(['http', 'socks5'] as const)('Coze behind a proxy, %s,', (kind) => {
  /** A Coze whose name only the proxy knows, so that nothing gets to it past the proxy. */
  async function open(answer: (reply: Reply) => void, prepare = (_: LocalProxy): void => undefined) {
    const names: Record<string, number> = {};
    const proxy = await openProxy({ kind, names });
    prepare(proxy);
    const stand = await openStand(answer, { baseUrl: 'http://coze.test', agents: wayBy(proxy.url) });
    names['coze.test:80'] = Number(new URL(stand.server.url).port);
    return { ...stand, proxy };
  }

  test('is asked through it, streams and other calls alike, and by one tunnel one after the other', async () => {
    const replies = [made, streaming(hello), streaming(hello), made];
    const { backend, proxy } = await open((reply) => replies.shift()?.(reply));
    await backend.openConversation();
    expect((await hear(backend)).answer).toBe('Hello 你好 🎉');
    expect((await hear(backend)).answer).toBe('Hello 你好 🎉');
    await backend.clear(question.conversationId);
    expect(proxy.targets).toEqual(['coze.test:80']);
  });

  test('gives out its tokens through it', async () => {
    const { emulator, line } = await openOAuth();
    const names = { 'coze.test:80': Number(new URL(emulator.url).port) };
    const proxy = await openProxy({ kind, names });
    const far = { ...line, baseUrl: 'http://coze.test', agents: wayBy(proxy.url) };
    expect(await fetchGrant(far, ours, undefined)).toHaveProperty('token');
    expect(proxy.targets).toEqual(['coze.test:80']);
    proxy.manner = 'deny';
    const failed = await failureOf(fetchGrant({ ...far, agents: wayBy(proxy.url) }, ours, undefined));
    expect(failed.said).toMatch(/the proxy 127\.0\.0\.1:\d+ gives no connection/);
  });

  test('sees each stream closed that is given up, and a hundred of them leave no tunnel', async () => {
    const { backend, server, proxy } = await open(lingering);
    await Promise.all(
      Array.from({ length: 100 }, async (_, nth) => {
        const stop = new AbortController();
        for await (const event of backend.ask(question, stop.signal)) {
          if (event.type !== 'text') continue;
          if (nth % 2) break;
          stop.abort();
        }
      }).map((reading) => reading.catch(() => undefined)),
    );
    expect(proxy.targets).toHaveLength(100);
    await eventually(() => proxy.openSockets() + server.openSockets()).toBe(0);
  });

  test('that fails is a failure of the proxy, which passes', async () => {
    const { backend } = await open(made, (proxy) => {
      proxy.manner = 'deny';
    });
    const facts = { kind: 'busy', retryable: true, isAway: true };
    const said = expect.stringMatching(
      /^the proxy 127\.0\.0\.1:\d+ gives no connection to coze\.test:80 \(\w+\)$/,
    );
    expect(await failureOf(backend.openConversation())).toEqual({ ...facts, said });
    expect(factsOf((await hear(backend)).error)).toEqual({ ...facts, said });
  });

  test('whose tunnel is cut in the middle is an answer that broke off', async () => {
    const { backend, proxy } = await open(lingering);
    const reading = async () => {
      const { signal } = new AbortController();
      for await (const { type } of backend.ask(question, signal)) if (type === 'text') proxy.cut();
    };
    expect(await failureOf(reading())).toMatchObject({ kind: 'cut' });
  });
});

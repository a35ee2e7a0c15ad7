import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { describe, expect, test } from 'vitest';
import type { Reply } from './raw-server.ts';
import { eventually, factsOf, hear, openStand, question, streaming } from './stand.ts';
import { begin, completed, delta, finish, hello } from './wire-samples.ts';

/** Streams the beginning of an answer and keeps the connection open. */
const lingering = (reply: Reply): void => {
  reply.stream();
  reply.chunk(begin + delta('One') + delta(' two') + delta(' three'));
};
const never = new AbortController().signal;

describe('the connection is closed at once', () => {
  test('when the reader leaves the loop', async () => {
    const { backend, server, clock } = await openStand(lingering);
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for await (const event of backend.ask(question, never)) if (event.type === 'text') break;
      }),
    );
    expect(server.requests).toHaveLength(10);
    await eventually(() => server.openSockets()).toBe(0);
    expect(clock.isAwaited()).toBe(false);
  });

  test('when the reader throws', async () => {
    const { backend, server } = await openStand(lingering);
    const reading = async () => {
      for await (const event of backend.ask(question, never))
        if (event.type === 'text') throw new Error('no');
    };
    await expect(reading()).rejects.toThrow('no');
    await eventually(() => server.openSockets()).toBe(0);
  });

  test('when the chat fails', async () => {
    const { backend, server } = await openStand((reply) => {
      reply.stream();
      reply.chunk(`${begin}event:error\ndata:{"code":4013}\n\n`);
    });
    expect(factsOf((await hear(backend)).error)).toMatchObject({ kind: 'busy' });
    await eventually(() => server.openSockets()).toBe(0);
  });
});

test('after a whole answer the connection is used again', async () => {
  const { backend, server } = await openStand(streaming(hello));
  for (const _ of [1, 2, 3]) expect((await hear(backend)).answer).toBe('Hello 你好 🎉');
  expect(server.connections()).toBe(1);
});

test('a connection that is kept does not hold on to the request that it was opened for', async () => {
  const httpAgent = new Agent({ keepAlive: true });
  const connect = httpAgent.createConnection;
  const opened: object[] = [];
  httpAgent.createConnection = (options, done) => {
    opened.push(options);
    return connect.call(httpAgent, options, done);
  };
  const agents = { httpAgent, httpsAgent: new HttpsAgent() };
  const { backend } = await openStand(streaming(hello), { agents });
  expect((await hear(backend)).answer).toBe('Hello 你好 🎉');
  expect(opened).toEqual([
    expect.objectContaining({ beforeRedirect: undefined, beforeRedirects: undefined }),
  ]);
  httpAgent.destroy();
});

describe('the signal', () => {
  const reason = new Error('the turn was stopped');

  test('ends the stream with its reason, and nothing is told after it', async () => {
    const { backend, server } = await openStand(lingering);
    const stop = new AbortController();
    const texts: string[] = [];
    const reading = async () => {
      for await (const event of backend.ask(question, stop.signal)) {
        if (event.type !== 'text') continue;
        texts.push(event.text);
        stop.abort(reason);
      }
    };
    await expect(reading()).rejects.toBe(reason);
    // The other deltas were in the same packet.
    expect(texts).toEqual(['One']);
    await eventually(() => server.openSockets()).toBe(0);
  });

  test('ends a stream that is silent', async () => {
    const { backend, server, clock } = await openStand(lingering);
    const stop = new AbortController();
    const heard = hear(backend, stop.signal);
    await eventually(() => clock.sleeps(120_000)).toBe(true);
    stop.abort(reason);
    expect((await heard).error).toBe(reason);
    await eventually(() => server.openSockets()).toBe(0);
  });

  test('ends a request before its reply', async () => {
    const { backend, server } = await openStand(() => undefined);
    const stop = new AbortController();
    const heard = hear(backend, stop.signal);
    await eventually(() => server.requests.length).toBe(1);
    stop.abort(reason);
    expect((await heard).error).toBe(reason);
    await eventually(() => server.openSockets()).toBe(0);
  });

  test('that has aborted already lets no request out', async () => {
    const { backend, server } = await openStand(streaming(hello));
    expect((await hear(backend, AbortSignal.abort(reason))).error).toBe(reason);
    expect(server.requests).toEqual([]);
  });

  test('may be shared by many streams without a warning', async () => {
    const warnings: Error[] = [];
    const listener = (warning: Error) => warnings.push(warning);
    process.on('warning', listener);
    const { backend, server } = await openStand(lingering);
    const stop = new AbortController();
    const heard = Array.from({ length: 15 }, () => hear(backend, stop.signal));
    await eventually(() => server.requests.length).toBe(15);
    stop.abort(reason);
    expect((await Promise.all(heard)).map(({ error }) => error)).toEqual(Array(15).fill(reason));
    await new Promise(setImmediate);
    process.off('warning', listener);
    expect(warnings).toEqual([]);
  });
});

describe('an event that is too large', () => {
  test.each([
    ['in one line', 'x'.repeat(3_000_000)],
    ['in many lines', 'x\ndata:'.repeat(500_000)],
  ])('%s ends its stream, and others go on meanwhile', async (_, huge) => {
    const { backend, server } = await openStand(
      (reply, { body }) => {
        reply.stream();
        if (!body.includes('large')) {
          reply.chunk(begin + completed('Small.') + finish);
          reply.last();
          return;
        }
        reply.chunk(begin + delta('Hi'));
        reply.chunk(`event:conversation.message.delta\ndata:${huge}`);
      },
      { limits: { eventBytes: 1_000_000 } },
    );
    const large = hear(backend, never, { ...question, text: 'large' });
    const small = await Promise.all(Array.from({ length: 5 }, () => hear(backend)));
    expect(small.map(({ answer }) => answer)).toEqual(Array(5).fill('Small.'));
    const { texts, error } = await large;
    expect(texts).toEqual(['Hi']);
    expect(factsOf(error)).toMatchObject({ kind: 'failed', retryable: false });
    await eventually(() => server.openSockets()).toBeLessThanOrEqual(5);
  });

  test('of a size that is allowed is read, however many there are', async () => {
    const text = 'x'.repeat(500_000);
    const { backend } = await openStand(
      streaming(begin + delta(text) + delta(text) + completed(text) + finish),
      {
        limits: { eventBytes: 1_000_000 },
      },
    );
    expect((await hear(backend)).answer).toBe(text);
  });
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createStand, homes } from './stand.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
  readonly events: readonly { readonly name: string }[];
}

/** What a collector hears. */
async function collect() {
  const spans: Span[] = [];
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    bodies.push(body);
    const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { spans, text: () => bodies.join(''), url: `http://127.0.0.1:${port}/` };
}

describe.each(homes)('a trace on $home', ({ home }) => {
  test('leads from the message to the end of its answer, and names nobody', async () => {
    const collector = await collect();
    const stand = await createStand(home);
    const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const roles = home === 'redis' ? ['gateway', 'worker'] : ['all'];
    const bridges = [];
    for (const ROLE of roles) bridges.push(await stand.launch({ ...traced, ROLE }));
    stand.coze.answer({ steps: [{ say: ['The whole of an answer.'] }] });
    const chat = stand.telegram.privateChat();
    chat.say('a question of mine');
    await stand.texts(chat, ([text]) => text === 'The whole of an answer.');
    const worker = bridges.at(-1);
    await worker?.until(() => worker.log().includes('"outcome":"answered"'));
    await sleep(1_500);
    for (const bridge of bridges) expect(await bridge.stop()).toBe(0);
    const named = (name: string) => collector.spans.filter((span) => span.name === name);
    const [message] = named('message');
    const [turn] = named('turn');
    expect(named('turn')).toHaveLength(1);
    expect(turn?.events.map(({ name }) => name)).toEqual(['asked', 'first text', 'first paint']);
    expect(turn?.attributes).toContainEqual({
      key: 'coze_bridge.outcome',
      value: { stringValue: 'answered' },
    });
    if (home === 'redis') {
      expect(turn?.traceId).toBe(message?.traceId);
      const parent = collector.spans.find(({ spanId }) => spanId === turn?.parentSpanId);
      expect(parent?.name).toMatch(/doorbell/);
    }
    // Of what BullMQ does in between, nothing is told.
    expect(
      collector.spans.filter(({ traceId }) => ![message?.traceId, turn?.traceId].includes(traceId)),
    ).toEqual([]);
    for (const secret of ['question', 'The whole', chat.id, stand.telegram.token.split(':')[0]])
      expect(collector.text()).not.toMatch(new RegExp(`(?<![0-9a-f])${secret}(?![0-9a-f])`));
    await stand.endAndInspect();
  });

  test('that nobody takes keeps no process from ending', async () => {
    const stand = await createStand(home);
    const bridge = await stand.launch({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    const chat = stand.telegram.privateChat();
    chat.say('hello');
    await bridge.until(() => bridge.log().includes('"outcome":"answered"'));
    const stoppedAt = Date.now();
    expect(await bridge.stop()).toBe(0);
    expect(Date.now() - stoppedAt).toBeLessThan(5_000);
    await stand.endAndInspect();
  });
});

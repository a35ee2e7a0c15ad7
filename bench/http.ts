import { setTimeout as sleep } from 'node:timers/promises';
import { startRedisServer } from '../test/redis/server.ts';
import { freePort } from '../test/support/free-port.ts';
import { type Contender, launch } from './contender.ts';
import { quantile, table } from './figures.ts';
import { type StreamServer, startStreamServer } from './stream-server.ts';
import { residentBytesOf } from './usage.ts';

/**
 * How long a delta takes from Coze to a client that streams over HTTP, beside a bare Fastify route that does nothing
 * else: `npm run bench:http [streams ...]`, on Linux. The bridge is a gateway and a worker on a Redis of their own.
 */
const loads = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1, 50, 100, 200, 400];

const openEveryMs = 10;
const settleMs = 3_000;
const windowMs = 10_000;
const idleStreams = 400;

interface Server {
  readonly url: string;
  readonly processes: readonly Contender[];
}

const rows = [['streams', '', 'lag ms: median', 'p95', 'p99', 'deltas/s', 'Coze itself late, p95']];
const redis = await startRedisServer();
try {
  for (const streams of loads)
    for (const [name, start] of [
      ['bare Fastify', startBare],
      ['bridge', startBridge],
    ] as const) {
      console.error(`${streams} streams: ${name}`);
      rows.push(await measure(streams, name, start));
    }
  console.log(`
20 deltas a second in each stream; lag: from when Coze sends a delta until the client has it. Clients and Coze are one
process, which the last column tells of.

${table(rows)}

An open stream that waits takes ${((await idleBytes()) / 1_024).toFixed(0)} KB at the gateway, of ${idleStreams} at a time.`);
} finally {
  await redis.remove();
}
process.exit();

async function measure(streams: number, name: string, start: typeof startBare): Promise<string[]> {
  const coze = await startStreamServer();
  const server = await start(coze.url);
  const over = new AbortController();
  try {
    const lags: number[] = [];
    let isCounting = false;
    const endsAt = Date.now() + streams * openEveryMs + settleMs + windowMs + 5_000;
    for (let nth = 0; nth < streams; nth++) {
      void listen(server.url, String(endsAt), over.signal, (text) => {
        if (isCounting) lags.push(...lagsIn(text, coze));
      });
      await sleep(openEveryMs);
    }
    await sleep(settleMs);
    coze.takeLateness();
    isCounting = true;
    await sleep(windowMs);
    isCounting = false;
    const late = quantile(coze.takeLateness(), 0.95);
    const figures = [0.5, 0.95, 0.99].map((share) => String(quantile(lags, share)));
    return [
      String(streams),
      name,
      ...figures,
      String(Math.round(lags.length / (windowMs / 1_000))),
      String(late),
    ];
  } finally {
    over.abort();
    await Promise.all(server.processes.map((each) => each.stop()));
    await coze.close();
  }
}

/** Each delta says when it was sent; several may come together. */
function lagsIn(text: string, coze: StreamServer): number[] {
  const now = Date.now();
  return [...text.matchAll(/\d{7}/g)].flatMap(([said]) => {
    const sentAt = coze.sentAt(said);
    return sentAt === undefined ? [] : [now - sentAt];
  });
}

async function listen(
  url: string,
  message: string,
  signal: AbortSignal,
  hear: (text: string) => void,
): Promise<void> {
  try {
    const response = await fetch(`${url}/chat/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message }),
      signal,
    });
    if (!response.ok || !response.body) throw new Error(await response.text());
    for await (const piece of response.body.pipeThrough(new TextDecoderStream()))
      for (const [, content = ''] of piece.matchAll(/"content":"([^"]*)"/g)) hear(content);
  } catch (error) {
    if (!signal.aborted) console.error(String(error));
  }
}

function cozeEnv(url: string) {
  return { COZE_API_TOKEN: 'pat_TheBenchmark', COZE_BOT_ID: '7300000000000000001', COZE_BASE_URL: url };
}

async function startBare(coze: string): Promise<Server> {
  const port = await freePort();
  const env = { ...cozeEnv(coze), SERVER_PORT: String(port) };
  return { url: `http://127.0.0.1:${port}`, processes: [await launch('bench/bare-fastify.ts', env)] };
}

async function startBridge(coze: string): Promise<Server> {
  const port = await freePort();
  const env = {
    ...cozeEnv(coze),
    REDIS_URL: redis.url,
    SERVER_PORT: String(port),
    SERVER_RATE_PER_MINUTE: '100000',
  };
  const processes = await Promise.all(
    ['gateway', 'worker'].map((ROLE) => launch('src/main.ts', { ...env, ROLE })),
  );
  return { url: `http://127.0.0.1:${port}`, processes };
}

/** Coze has taken the questions, and says nothing. */
async function idleBytes(): Promise<number> {
  const coze = await startStreamServer();
  const { url, processes } = await startBridge(coze.url);
  const pid = processes[0]?.pid ?? 0;
  const over = new AbortController();
  try {
    // What is compiled and pooled once is no cost of a stream.
    const warm = new AbortController();
    for (let nth = 0; nth < 50; nth++) void listen(url, 'silence', warm.signal, () => {});
    await sleep(settleMs);
    warm.abort();
    await sleep(settleMs);
    const before = residentBytesOf(pid);
    for (let nth = 0; nth < idleStreams; nth++) {
      void listen(url, 'silence', over.signal, () => {});
      await sleep(openEveryMs);
    }
    await sleep(settleMs);
    return (residentBytesOf(pid) - before) / idleStreams;
  } finally {
    over.abort();
    await Promise.all(processes.map((each) => each.stop()));
    await coze.close();
  }
}

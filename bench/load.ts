import { setTimeout as sleep } from 'node:timers/promises';
import { redisServer, startRedisServer } from '../test/redis/server.ts';
import { mean, quantile, table } from './figures.ts';
import { type Runner, startBareLoop, startBridge } from './runners.ts';
import { type StreamServer, startStreamServer } from './stream-server.ts';
import { cpuMsOf, machineMs, residentBytesOf } from './usage.ts';
import { openDiscord, type Venue } from './venues.ts';

/**
 * What many answers at once cost a worker, beside a loop that only reads them: `npm run bench:load [streams ...]`, on
 * Linux. Every run has processes of its own; Coze and Discord are this one, and Discord's limits hold. On Redis (that
 * of REDIS_URL, or one of its own) the worker is measured without its gateway; without any, it is the whole bridge.
 */
const loads = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100, 300, 600];

/** Fewer than Discord lets through: every new question needs its first paint. */
const asksPerSecond = 15;
/** Before anything counts: what is compiled, cached and pooled once is no cost of a stream. */
const warmUp = { streams: 20, togetherMs: 2_000, restMs: 3_000 };
const settleMs = 5_000;
const windowMs = 30_000;
const sampleMs = 500;
/** From the end of the last stream to the last answer on the screen. */
const landMs = 180_000;

const heading = [
  ...['streams', '', 'CPU ms/1,000 deltas', 'ratio', 'of a core', 'KB/stream', 'ratio'],
  ...['edits/s', 'age s: mean', 'p95', 'at best', 'saturated'],
];

const redis = process.env.REDIS_URL || !redisServer.available ? undefined : await startRedisServer();
const redisUrl = process.env.REDIS_URL ?? redis?.url;
const venue = await openDiscord({ limited: true });
try {
  const rows = [heading];
  for (const streams of loads) rows.push(...(await compare(streams, venue)));
  console.log(`
20 deltas a second in each stream, each stream in a chat of its own; the bridge is ${redisUrl ? 'a worker on Redis' : 'all of it'}.
Age: how long ago Coze has sent the last of what a chat shows. Not the worker but Discord bounds it, which grants a bot
50 calls a second in all: "at best" is the mean age if that many edits went round evenly, each with all there is.

${table(rows)}`);
} finally {
  await Promise.all([venue.close(), redis?.remove()]);
}

/** What was measured while all streams ran. */
interface Figures {
  readonly cpuMsPerThousand: number;
  readonly shareOfCore: number;
  readonly bytesPerStream: number;
  readonly agesMs: readonly number[];
  readonly editsPerSecond: number;
  readonly saturated: string;
}

async function compare(streams: number, venue: Venue): Promise<string[][]> {
  console.error(`${streams} streams: the bare loop, then the bridge`);
  const bare = await run(streams, ({ url }) => startBareLoop(url));
  const bridge = await run(streams, (coze) => startBridge(coze, venue, redisUrl));
  const { agesMs, editsPerSecond } = bridge;
  const ages = [mean(agesMs), quantile(agesMs, 0.95), (streams / editsPerSecond / 2) * 1_000];
  return [
    [String(streams), 'bare loop', ...costs(bare, bare), '', '', '', '', bare.saturated],
    [
      ...[String(streams), 'bridge', ...costs(bridge, bare), editsPerSecond.toFixed(1)],
      ...[...ages.map((ms) => (ms / 1_000).toFixed(1)), bridge.saturated],
    ],
  ];
}

function costs({ cpuMsPerThousand, shareOfCore, bytesPerStream }: Figures, bare: Figures): string[] {
  return [
    cpuMsPerThousand.toFixed(1),
    (cpuMsPerThousand / bare.cpuMsPerThousand).toFixed(2),
    `${(shareOfCore * 100).toFixed(0)}%`,
    (bytesPerStream / 1_024).toFixed(0),
    (bytesPerStream / bare.bytesPerStream).toFixed(2),
  ];
}

async function run(streams: number, start: (coze: StreamServer) => Promise<Runner>): Promise<Figures> {
  const coze = await startStreamServer();
  const runner = await start(coze);
  try {
    await askAll(runner, warmUp.streams, warmUp.togetherMs);
    await sleep(warmUp.togetherMs + warmUp.restMs);
    const idleBytes = residentBytesOf(runner.pid);
    await askAll(runner, streams, settleMs + windowMs + 2_000);
    await sleep(settleMs);
    const { bytes, ...figures } = await watch(runner, coze);
    await runner.landed(landMs);
    return { ...figures, bytesPerStream: (bytes - idleBytes) / streams };
  } finally {
    await runner.stop();
    await coze.close();
  }
}

/** One after the other, so that all are answered at the same time for `togetherMs`. */
async function askAll(runner: Runner, streams: number, togetherMs: number): Promise<void> {
  const endsAt = Date.now() + (streams / asksPerSecond) * 1_000 + togetherMs;
  for (let asked = 0; asked < streams; asked++) {
    runner.ask(endsAt);
    await sleep(1_000 / asksPerSecond);
  }
}

async function watch({ pid, agesMs, writesSince }: Runner, coze: StreamServer) {
  const look = () => ({ at: Date.now(), cpuMs: cpuMsOf(pid), machine: machineMs(), deltas: coze.deltas });
  coze.takeLateness();
  const before = look();
  const bytes = [];
  const ages = [];
  while (Date.now() < before.at + windowMs) {
    await sleep(sampleMs);
    bytes.push(residentBytesOf(pid));
    ages.push(...agesMs());
  }
  const after = look();
  const tookMs = after.at - before.at;
  const cpuMs = after.cpuMs - before.cpuMs;
  const idleMs = after.machine.idle - before.machine.idle;
  // Where one of these is seen, the figures tell of this machine, and not of what it costs.
  const signs = {
    'no time left': cpuMs / tookMs > 0.95,
    'machine full': idleMs / (after.machine.all - before.machine.all) < 0.05,
    'deltas late': quantile(coze.takeLateness(), 0.95) > 25,
    'streams lost': coze.broken > 0,
  };
  return {
    cpuMsPerThousand: (cpuMs / (after.deltas - before.deltas)) * 1_000,
    shareOfCore: cpuMs / tookMs,
    bytes: mean(bytes),
    agesMs: ages,
    editsPerSecond: (writesSince(before.at) / tookMs) * 1_000,
    saturated:
      Object.entries(signs)
        .flatMap(([sign, isSeen]) => (isSeen ? sign : []))
        .join(', ') || 'no',
  };
}

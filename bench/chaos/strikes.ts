import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisServer } from '../../test/redis/server.ts';
import type { Seeded } from '../../test/text/seeded.ts';
import type { Member } from './crew.ts';
import type { Gate } from './gate.ts';
import type { Blow, Journal } from './journal.ts';

/** Where and when it strikes; all times in milliseconds. */
export interface StrikeTimes {
  /** Between two kills of workers. */
  readonly workerEvery: number;
  /** How long after it was ready a process that hears is killed. */
  readonly hearingFor: readonly [number, number];
  readonly redisEvery: readonly [number, number];
  readonly socketsEvery: readonly [number, number];
}

export const usualTimes: StrikeTimes = {
  workerEvery: 2_000,
  hearingFor: [1_000, 4_000],
  redisEvery: [20_000, 40_000],
  socketsEvery: [4_000, 10_000],
};

export interface Targets {
  readonly workers: readonly Member[];
  /** The gateway, or the one process that is everything. */
  readonly hearing: Member;
  readonly redis: RedisServer | undefined;
  readonly gates: ReadonlyMap<string, readonly Gate[]>;
}

interface StrikesOptions {
  readonly targets: Targets;
  readonly kinds: ReadonlySet<Blow>;
  readonly times: StrikeTimes;
  readonly random: (blow: Blow) => Seeded;
  readonly journal: Journal;
  readonly signal: AbortSignal;
}

/** A worker's lock is 5 s. */
const freezeMs = [5_500, 8_000] as const;
/** Of the workers' turns to be killed, so many are a freeze. */
const freezeShare = 0.125;
/** Who was started 4 s ago is ready for longer, unless the machine is busy with other things. */
const leastWorkMs = 2_000;
const redisAwayMs = [0, 3_000] as const;

const between = (random: Seeded, [least, most]: readonly [number, number]) =>
  least + random.below(most - least + 1);

/** Strikes until the signal aborts; resolves when everything it has stopped runs again. */
export async function strike(options: StrikesOptions): Promise<void> {
  const { kinds, targets } = options;
  const striking: Promise<void>[] = [];
  if (targets.workers.length > 0 && (kinds.has('worker') || kinds.has('freeze')))
    striking.push(strikeWorkers(options));
  const hearing = targets.workers.length > 0 ? 'gateway' : 'process';
  if (kinds.has(hearing)) striking.push(strikeHearing(hearing, options));
  if (kinds.has('redis') && targets.redis) striking.push(strikeRedis(targets.redis, options));
  if (kinds.has('sockets')) striking.push(strikeSockets(options));
  await Promise.all(striking);
}

/** One after the other. On a slow machine it takes longer until the next one has come to anything. */
async function strikeWorkers({
  targets,
  kinds,
  times,
  random,
  journal,
  signal,
}: StrikesOptions): Promise<void> {
  const chance = random('worker');
  const thawing: Promise<void>[] = [];
  for (let turn = 0; await pause(times.workerEvery, signal); turn++) {
    const worker = targets.workers[turn % targets.workers.length];
    const isFreeze = kinds.has('freeze') && (!kinds.has('worker') || chance.chance(freezeShare));
    const ms = between(chance, freezeMs);
    if (!worker || worker.isFrozen) continue;
    while (!hasWorked(worker) && (await pause(20, signal)));
    if (signal.aborted) break;
    journal.strike(isFreeze ? 'freeze' : 'worker', worker.name);
    if (isFreeze) thawing.push(worker.freeze(ms));
    else worker.kill();
  }
  await Promise.all(thawing);
}

/** It has been ready for a while. */
const hasWorked = ({ readySince = Number.POSITIVE_INFINITY }: Member): boolean =>
  Date.now() - readySince >= leastWorkMs;

async function strikeHearing(
  blow: 'gateway' | 'process',
  { targets: { hearing }, times, random, journal, signal }: StrikesOptions,
): Promise<void> {
  const chance = random(blow);
  for (;;) {
    while (hearing.readySince === undefined) if (!(await pause(20, signal))) return;
    const since = hearing.readySince;
    if (!(await pause(between(chance, times.hearingFor), signal))) return;
    if (hearing.readySince !== since) continue; // It has ended by itself.
    journal.strike(blow, hearing.name);
    hearing.kill();
  }
}

async function strikeRedis(
  redis: RedisServer,
  { times, random, journal, signal }: StrikesOptions,
): Promise<void> {
  const chance = random('redis');
  while (await pause(between(chance, times.redisEvery), signal)) {
    journal.strike('redis', 'redis');
    await redis.kill();
    await sleep(between(chance, redisAwayMs));
    await redis.start();
  }
}

async function strikeSockets({ targets, times, random, journal, signal }: StrikesOptions): Promise<void> {
  const chance = random('sockets');
  const services = [...targets.gates.keys()];
  while (await pause(between(chance, times.socketsEvery), signal)) {
    const service = chance.pick(services);
    journal.strike('sockets', service);
    for (const gate of targets.gates.get(service) ?? []) gate.cut();
  }
}

/** False when the signal has aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}

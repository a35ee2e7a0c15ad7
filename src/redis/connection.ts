import { Redis, type RedisOptions } from 'ioredis';
import type { Log } from '../core/ports/world.ts';
import { reasonOf } from './script.ts';
import { checkServer } from './server-check.ts';

const reconnectEveryMs = 500;

export interface Connections {
  /** For what somebody waits for: while Redis is away it fails within a few seconds. */
  readonly client: Redis;
  readonly subscriber: Redis;
  /** For a worker: what it asks waits until Redis is back, or fails when `ended` aborts. */
  openPatient(ended: AbortSignal): Redis;
  close(): void;
}

export interface ConnectOptions {
  readonly url: string;
  readonly log: Log;
  /** How long the server may be silent at the start. */
  readonly patienceMs?: number;
}

/** Connects to a server that is fit for us; rejects with a message for the owner. */
export async function connect({ url, log, patienceMs = 4_000 }: ConnectOptions): Promise<Connections> {
  const server = serverOf(url);
  await checkServer({ url, server, patienceMs, log });
  const watch = watchOutages(server, log);
  const closed = new AbortController();

  function open(options: RedisOptions, ended: AbortSignal): Redis {
    const redis = new Redis(url, {
      connectTimeout: 3_000,
      ...options,
      retryStrategy: () => (ended.aborted ? null : reconnectEveryMs),
    });
    watch(redis);
    ended.addEventListener('abort', () => end(redis), { once: true });
    return redis;
  }

  const impatient = { commandTimeout: 5_000, maxRetriesPerRequest: 3 };
  return {
    client: open(impatient, closed.signal),
    // By itself it would leave a rejection to nobody, were it closed in the moment when it subscribes again.
    subscriber: open({ ...impatient, autoResubscribe: false }, closed.signal),
    openPatient: (ended) => open({ maxRetriesPerRequest: null }, ended),
    close: () => closed.abort(),
  };
}

function end(redis: Redis): void {
  // Between two attempts, `disconnect` would leave what was asked hanging for ever: the next attempt ends it.
  if (redis.status === 'reconnecting') redis.once('connect', () => redis.disconnect());
  else redis.disconnect();
}

/** Host and port, without what is secret in the address. */
export function serverOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'redis:' && parsed?.protocol !== 'rediss:') {
    throw new Error('REDIS_URL must be an address like redis://host:6379 (rediss:// for TLS)');
  }
  return `${parsed.hostname}:${parsed.port || 6379}`;
}

/** Tells of an outage once, not at each attempt of each connection. */
function watchOutages(server: string, log: Log): (redis: Redis) => void {
  const away = new Set<Redis>();
  return (redis) => {
    redis.on('error', (error: unknown) => {
      if (away.size === 0) log.warn({ server, reason: reasonOf(error) }, 'redis is away');
      away.add(redis);
    });
    redis.on('ready', () => {
      if (away.delete(redis) && away.size === 0) log.info({ server }, 'redis is back');
    });
    redis.on('end', () => away.delete(redis));
  };
}

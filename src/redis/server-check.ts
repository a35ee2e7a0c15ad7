import { Redis } from 'ioredis';
import type { Log } from '../core/ports/world.ts';
import { reasonOf } from './script.ts';

export interface ServerToCheck {
  readonly url: string;
  /** Its host and port, for people. */
  readonly server: string;
  /** How long it may be silent. */
  readonly patienceMs: number;
  readonly log: Log;
}

/** Refuses a server that we cannot reach or that would lose what we give it. */
export async function checkServer({ url, server, patienceMs, log }: ServerToCheck): Promise<void> {
  const redis = await reach(url, server, patienceMs);
  try {
    const policy =
      (await setting(redis, 'maxmemory-policy')) ?? (await fact(redis, 'memory', 'maxmemory_policy'));
    if (policy === undefined) {
      log.warn({ server }, 'redis does not say whether it evicts keys: maxmemory-policy must be noeviction');
    } else if (policy !== 'noeviction') {
      throw new Error(
        `Redis at ${server} may evict keys (maxmemory-policy is ${policy}), and messages with them. ` +
          'Set maxmemory-policy to noeviction.',
      );
    }
    const appendOnly = await setting(redis, 'appendonly');
    const snapshots = await setting(redis, 'save');
    if (appendOnly === 'no' && snapshots === '') {
      log.warn({ server }, 'redis persists nothing: a restart of it loses every message and conversation');
    }
  } finally {
    redis.disconnect();
  }
}

async function reach(url: string, server: string, patienceMs: number): Promise<Redis> {
  const redis = new Redis(url, { lazyConnect: true, commandTimeout: patienceMs, retryStrategy: () => null });
  const failed = new Promise<never>((_, reject) => redis.on('error', reject));
  const patience = setTimeout(() => redis.emit('error', new Error('it does not answer')), patienceMs);
  try {
    await Promise.race([failed, redis.connect().then(() => redis.ping())]);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new Error(refusal(server, reasonOf(error)));
  } finally {
    clearTimeout(patience);
    failed.catch(() => {}); // It may fail after it was reached.
  }
}

function refusal(server: string, reason: string): string {
  if (reason.includes('NOAUTH')) return `Redis at ${server} wants a password: put it into REDIS_URL.`;
  if (/WRONGPASS|invalid password/i.test(reason))
    return `Redis at ${server} refuses the password in REDIS_URL.`;
  return `Redis at ${server} cannot be used: ${reason}. Start it, or mend REDIS_URL.`;
}

/** What the server is set to. Managed ones may not tell. */
async function setting(redis: Redis, name: string): Promise<string | undefined> {
  const [, value] = (await redis.config('GET', name).catch(() => [])) as string[];
  return value;
}

async function fact(redis: Redis, section: string, name: string): Promise<string | undefined> {
  const info = await redis.info(section).catch(() => '');
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}

import { readStoreConfig } from '../../config.ts';
import type { Log } from '../../core/ports/world.ts';
import { type Check, type Finding, failed, odd, ok, skipped } from './check.ts';
import { isDemo, type Subject } from './subject.ts';

const patienceMs = 4_000;

/** Whether what the bridge keeps is safe where it is kept. */
export function storeCheck(subject: Subject): Check {
  return {
    name: 'store',
    async run() {
      if (isDemo(subject)) return skipped('the demo keeps nothing');
      const { redisUrl, dataDir } = readStoreConfig(subject.env);
      return redisUrl ? checkRedis(redisUrl) : checkFolder(dataDir);
    },
  };
}

async function checkRedis(url: string): Promise<Finding> {
  const { checkServer } = await import('../../redis/server-check.ts');
  const { serverOf } = await import('../../redis/connection.ts');
  const server = serverOf(url);
  const warnings: string[] = [];
  try {
    await checkServer({ url, server, patienceMs, log: listenTo(warnings) });
  } catch (error) {
    return refused((error as Error).message);
  }
  if (warnings.length > 0)
    return odd(
      `Redis at ${server}: ${warnings.join('; ')}`,
      'redis-cli config set appendonly yes, and in redis.conf',
    );
  return ok(`Redis at ${server} answers, evicts nothing, and keeps what it is given`);
}

const listenTo = (warnings: string[]): Log => ({
  debug: () => undefined,
  info: () => undefined,
  warn: (_fields, event) => void warnings.push(event),
  error: (_fields, event) => void warnings.push(event),
});

/** What to do is the last sentence of what it is refused with. */
function refused(message: string): Finding {
  const [, words = message, advice] = /^(.*)\. ([A-Z].*)\.$/.exec(message) ?? [];
  return failed(words, /evict/.test(words) ? `${advice}: ${howToKeep}` : advice);
}

const howToKeep = 'redis-cli config set maxmemory-policy noeviction, and in redis.conf';

async function checkFolder(dir: string): Promise<Finding> {
  const { probeFolder } = await import('../../embedded/probe.ts');
  try {
    return ok(
      `the folder ${dir} can be written${probeFolder(dir) ? ', and its file is sound' : '; it is empty so far'}`,
    );
  } catch (error) {
    return failed((error as Error).message);
  }
}

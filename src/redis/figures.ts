import type { Redis } from 'ioredis';
import type { MailFigures } from '../core/ports/figures.ts';
import { countWorkers } from './heartbeat.ts';
import type { MailNames } from './mail-names.ts';
import { defineScript, plainly } from './script.ts';

/** Redis does nothing else while it looks at so many lines. */
const linesAtOnce = 500;

// An edit holds two times; either will do. Inside a text every quote has a backslash.
const oldest = defineScript(`
  local oldest
  for _, line in ipairs(KEYS) do
    local entry = redis.call('LINDEX', line, 0)
    local at = entry and tonumber(entry:match('"sentAt":(%d+)'))
    if at and (not oldest or at < oldest) then oldest = at end
  end
  return oldest
`);

export async function readFigures(redis: Redis, names: MailNames): Promise<MailFigures> {
  const [keys, deadLetters, workers] = await Promise.all([
    plainly(redis.smembers(names.waiting)),
    plainly(redis.llen(names.deadLetters)),
    countWorkers(redis, names.workers),
  ]);
  let oldestAt: number | undefined;
  for (let from = 0; from < keys.length; from += linesAtOnce) {
    const lines = keys.slice(from, from + linesAtOnce).map(names.line);
    const at = (await oldest(redis, lines)) as number | null;
    if (at !== null && (oldestAt === undefined || at < oldestAt)) oldestAt = at;
  }
  return { lines: keys.length, oldestAt, deadLetters, workers };
}

import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Runs in Redis in one piece. It may run twice for one call: a connection that broke sends it again. */
export type Script = (
  redis: Redis,
  keys: readonly string[],
  args?: readonly (string | number)[],
) => Promise<unknown>;

export function defineScript(lua: string): Script {
  const sha = createHash('sha1').update(lua).digest('hex');
  return (redis, keys, args = []) =>
    plainly(
      redis.evalsha(sha, keys.length, ...keys, ...args).catch((error: Error) => {
        if (!error.message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(lua, keys.length, ...keys, ...args);
      }),
    );
}

/** The client's own errors carry the whole command: passwords and what people wrote. They must not get into a log. */
export async function plainly<Reply>(reply: Promise<Reply>): Promise<Reply> {
  try {
    return await reply;
  } catch (error) {
    throw new Error(`Redis: ${reasonOf(error)}`);
  }
}

export const unreachable = 'it cannot be reached';

/** Why it failed, and nothing of what was sent. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  // The client's words are for who writes programs: they name an option of its own.
  if (error.name === 'MaxRetriesPerRequestError') return unreachable;
  // A refusal by both address families comes without a message.
  return error.message || ('code' in error ? String(error.code) : error.name);
}

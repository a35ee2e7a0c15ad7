import { unlessAborted } from '../core/aborted.ts';
import type { Clock } from '../core/ports/world.ts';
import type { Grant } from './grant.ts';
import { createLasting } from './lasting.ts';
import type { Tokens } from './tokens.ts';

/** What was granted, and from when on a new one is fetched while this one still does. */
interface Kept extends Grant {
  renewAt: number;
}

/** How long before its end a token is replaced. */
const earlyMs = 60_000;

/** After a failure to replace it, how long until the next try. */
const pauseMs = 10_000;

/**
 * Access tokens by OAuth, one at a time for each session. A token is fetched once, however many wait for it, and kept
 * until Coze refuses it or it is about to end; while it lasts nobody waits for the next one, nor suffers when that
 * cannot be had.
 */
export function createOAuthTokens(
  clock: Clock,
  fetchGrant: (session: string | undefined) => Promise<Grant>,
): (session: string | undefined) => Tokens {
  const kept = createLasting<string | undefined, Kept>(clock);
  const coming = new Map<string | undefined, Promise<string>>();

  async function fetchAndKeep(session: string | undefined): Promise<string> {
    try {
      const grant = await fetchGrant(session);
      kept.put(session, { ...grant, renewAt: grant.endsAt - Math.min(earlyMs, grant.lifeMs / 4) });
      return grant.token;
    } finally {
      coming.delete(session);
    }
  }

  function next(session: string | undefined): Promise<string> {
    const token = coming.get(session) ?? fetchAndKeep(session);
    coming.set(session, token);
    return token;
  }

  function take(session: string | undefined): Promise<string> {
    const own = kept.get(session);
    const now = clock.now();
    if (!own || now >= own.endsAt) return next(session);
    if (now >= own.renewAt) {
      next(session).catch(() => {
        own.renewAt = clock.now() + pauseMs;
      });
    }
    return Promise.resolve(own.token);
  }

  return (session) => ({
    // Others may wait for the same token: it is fetched all the same.
    take: (signal) => unlessAborted(() => take(session), signal),
    reject(token) {
      // Others may have been refused as well, and have a new one already.
      if (kept.get(session)?.token === token) kept.delete(session);
      return true;
    },
  });
}

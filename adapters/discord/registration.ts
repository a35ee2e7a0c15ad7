import { backOffMs } from '../../src/core/back-off.ts';
import type { Clock, Log } from '../../src/core/ports/world.ts';
import type { Call } from './call.ts';
import { registerCommands } from './commands.ts';
import { createEpisode } from './episode.ts';
import { failureOf, isPassing } from './failure.ts';

interface RegistrationOptions {
  readonly call: Call;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const firstWaitMs = 5_000;
const longestWaitMs = 600_000;

/**
 * Registers the slash commands; resolves after the first attempt, and tries on in the background what time may mend.
 * A refusal is final: some servers have no commands.
 */
export function createRegistration({ call, clock, log, signal }: RegistrationOptions) {
  const failing = createEpisode({
    begin: (fields) => log.warn(fields, 'the slash commands could not be registered; trying again'),
    end: (fields) => log.info(fields, 'the slash commands are registered'),
  });
  let isTrying = false;

  /** How long to wait before the next attempt; undefined when there is none. */
  async function attempt(application: string, count: number): Promise<number | undefined> {
    try {
      await registerCommands(call, application);
      failing.end();
      return undefined;
    } catch (error) {
      const failure = failureOf(error);
      const { reason, retryAfterMs = 0 } = failure;
      if (!isPassing(failure)) {
        log.warn({ reason }, 'the slash commands could not be registered');
        return undefined;
      }
      failing.begin({ reason });
      return Math.max(retryAfterMs, backOffMs(count, longestWaitMs, firstWaitMs));
    }
  }

  async function tryOn(application: string, firstMs: number | undefined): Promise<void> {
    let waitMs = firstMs;
    for (let count = 1; waitMs !== undefined; count++) {
      await clock.sleep(waitMs, signal);
      waitMs = await attempt(application, count);
    }
  }

  return async (application: string): Promise<void> => {
    if (isTrying) return;
    isTrying = true;
    const waitMs = await attempt(application, 0);
    void tryOn(application, waitMs)
      .catch(() => undefined)
      .finally(() => {
        isTrying = false;
      });
  };
}

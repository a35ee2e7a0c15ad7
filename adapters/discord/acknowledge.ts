import type { Clock } from '../../src/core/ports/world.ts';
import type { Call } from './call.ts';
import { failureOf, isPassing } from './failure.ts';
import type { DiscordCommand } from './payload.ts';

// Of a response to an interaction: its kind, and who sees it.
const deferred = 5;
const ephemeral = { data: { flags: 1 << 6 } };

/** It has been acknowledged: by an attempt whose answer was lost. */
const alreadyDone = 40_060;

/**
 * How long Discord waits for it. Counted from when the command was heard, for the clocks may differ; what comes too
 * late is refused for good.
 */
const timeMs = 3_000;
const firstWaitMs = 100;

interface AcknowledgeOptions {
  readonly call: Call;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Promises an answer to a slash command, in a server for one pair of eyes. Tries again while there is time. */
export async function acknowledge(
  { id, token, guild_id }: DiscordCommand,
  { call, clock, signal }: AcknowledgeOptions,
): Promise<void> {
  const endsAt = clock.now() + timeMs;
  const body = { type: deferred, ...(guild_id !== undefined && ephemeral) };
  for (let attempt = 0; ; attempt++) {
    try {
      await call('POST', `/interactions/${id}/${token}/callback`, body);
      return;
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === alreadyDone) return;
      const waitMs = failure.retryAfterMs ?? firstWaitMs * 2 ** attempt;
      if (!isPassing(failure) || clock.now() + waitMs >= endsAt) throw error;
      await clock.sleep(waitMs, signal);
    }
  }
}

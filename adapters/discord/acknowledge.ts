import type { Clock } from '../../src/core/ports/world.ts';
import type { Call } from './call.ts';
import { failureOf, isPassing } from './failure.ts';
import { ephemeral } from './flags.ts';
import type { DiscordCommand, DiscordInteraction } from './payload.ts';

// Of the first answer to an interaction: its kind.
const message = 4;
const deferredMessage = 5;
const nothing = 6;

/** It has been acknowledged: by an attempt whose answer was lost. */
const alreadyDone = 40_060;

/**
 * How long Discord waits for it. Counted from when the interaction was heard, for the clocks may differ; what comes too
 * late is refused for good.
 */
const timeMs = 3_000;
const firstWaitMs = 100;

export interface AcknowledgeOptions {
  readonly call: Call;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Promises an answer to a slash command, in a server for one pair of eyes. Tries again while there is time. */
export function acknowledge(command: DiscordCommand, options: AcknowledgeOptions): Promise<void> {
  const data = command.guild_id === undefined ? undefined : { flags: ephemeral };
  const answer = { type: deferredMessage, ...(data && { data }) };
  return respond(command, answer, { ...options, heardAt: options.clock.now() });
}

interface RespondOptions extends AcknowledgeOptions {
  readonly heardAt: number;
}

/** Answers whoever pressed a button, and shows nobody else; without words they just see that it was noticed. */
export function acknowledgePress(
  press: DiscordInteraction,
  words: string | undefined,
  options: RespondOptions,
): Promise<void> {
  const answer = words ? { type: message, data: aside(words) } : { type: nothing };
  return respond(press, answer, options);
}

/** A message for one pair of eyes. */
export const aside = (content: string) => ({ content, flags: ephemeral, allowed_mentions: { parse: [] } });

async function respond(
  { id, token }: DiscordInteraction,
  answer: object,
  { call, clock, signal, heardAt }: RespondOptions,
): Promise<void> {
  const endsAt = heardAt + timeMs;
  for (let attempt = 0; ; attempt++) {
    try {
      await call('POST', `/interactions/${id}/${token}/callback`, answer);
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

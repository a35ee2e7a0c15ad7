import { unlessAborted } from '../../src/core/aborted.ts';
import { backOffMs } from '../../src/core/back-off.ts';
import type { Clock, Log } from '../../src/core/ports/world.ts';
import { type CallFailure, failureOf, tokenRefused } from './api.ts';

/** Tries again what fails for a while, and says so once: not each time. All of it rejects with the signal's reason. */
export interface Retry {
  /** Repeats a call until Telegram has answered it; rejects when Telegram never will, and with what `refused` makes of it. */
  call<T>(
    act: () => Promise<T>,
    signal: AbortSignal,
    refused?: (failure: CallFailure) => Error | undefined,
  ): Promise<T>;
  /** Repeats until the message is in the store. */
  store(act: () => Promise<unknown>, signal: AbortSignal): Promise<void>;
  /** Tries once to get the message into the store; rejects as `act` does. */
  storeOnce(act: () => Promise<unknown>): Promise<void>;
  /** Nobody else uses the token, as far as can be seen. */
  alone(): void;
}

type Trouble = 'unreachable' | 'conflict' | 'hurry' | 'store';

const longestWaitMs = 30_000;
/** The store is near, and everybody waits for it. */
const longestWaitForStoreMs = 2_000;

/** Another program that polls too is heard of at each of its polls. After so long without a word of it, it is gone. */
const conflictMs = 60_000;

interface RetryOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** What a call has come to: what keeps it from being answered, or nothing. Not when the store is away. */
  readonly tell?: (hindrance: string | undefined) => void;
}

export function createRetry({ clock, log, tell = () => undefined }: RetryOptions): Retry {
  const troubles = new Set<Trouble>();
  const repeat = createRepeat(clock);
  let conflictAt = 0;

  function begin(trouble: Trouble, say: () => void): void {
    if (!troubles.has(trouble)) say();
    troubles.add(trouble);
  }

  function end(trouble: Trouble, event: string): void {
    if (troubles.delete(trouble)) log.info({}, event);
  }

  function bearCall({ code, reason, retryAfterMs = 0 }: CallFailure): number {
    if (code === 401) throw new Error(tokenRefused);
    const trouble = code === 409 ? 'conflict' : code === 429 ? 'hurry' : 'unreachable';
    tell(hindrances[trouble]);
    begin(trouble, () => {
      if (trouble === 'conflict') log.error({}, conflict);
      else if (trouble === 'hurry') log.info({ reason }, 'Telegram asks to wait before it is called again');
      else log.warn({ code, reason }, 'Telegram cannot be reached; trying again');
    });
    if (trouble === 'conflict') conflictAt = clock.now();
    return retryAfterMs;
  }

  function bearStore(error: unknown): number {
    const reason = error instanceof Error ? error.message : String(error);
    begin('store', () => log.error({ reason }, 'a message could not be stored; trying again'));
    return 0;
  }

  function alone(): void {
    end('conflict', 'no other program polls Telegram any more');
    tell(undefined);
  }

  const isStored = () => end('store', 'messages can be stored again');

  return {
    async call(act, signal, refused) {
      const answer = await repeat(act, signal, (error) => {
        const failure = failureOf(error);
        const refusal = refused?.(failure);
        if (refusal) throw refusal;
        return bearCall(failure);
      });
      end('unreachable', 'Telegram is reached again');
      troubles.delete('hurry');
      if (!troubles.has('conflict') || clock.now() >= conflictAt + conflictMs) alone();
      else tell(hindrances.conflict);
      return answer;
    },
    async store(act, signal) {
      await repeat(act, signal, bearStore, longestWaitForStoreMs);
      isStored();
    },
    async storeOnce(act) {
      try {
        await act();
      } catch (error) {
        bearStore(error);
        throw error;
      }
      isStored();
    },
    alone,
  };
}

const hindrances = {
  unreachable: 'Telegram cannot be reached',
  conflict: "another program polls Telegram with this bot's token",
  hurry: 'Telegram asks to wait',
};
const conflict = `${hindrances.conflict}: stop it, or make a bot of its own for each`;

/** Repeats what fails; `bear` says how long to wait at least, or throws what it is not repeated for. */
function createRepeat(clock: Clock) {
  return async <T>(
    act: () => Promise<T>,
    signal: AbortSignal,
    bear: (error: unknown) => number,
    longestMs = longestWaitMs,
  ): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      try {
        return await unlessAborted(act, signal);
      } catch (error) {
        signal.throwIfAborted();
        const askedForMs = bear(error);
        await clock.sleep(Math.max(askedForMs, backOffMs(attempt, longestMs)), signal);
      }
    }
  };
}

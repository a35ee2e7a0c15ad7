import { unlessAborted } from '../../src/core/aborted.ts';
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

export function createRetry({ clock, log }: { readonly clock: Clock; readonly log: Log }): Retry {
  const troubles = new Set<Trouble>();

  function begin(trouble: Trouble, tell: () => void): void {
    if (!troubles.has(trouble)) tell();
    troubles.add(trouble);
  }

  function end(trouble: Trouble, event: string): void {
    if (troubles.delete(trouble)) log.info({}, event);
  }

  async function repeat<T>(
    act: () => Promise<T>,
    signal: AbortSignal,
    bear: (error: unknown) => number,
    longestMs = longestWaitMs,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await unlessAborted(act, signal);
      } catch (error) {
        signal.throwIfAborted();
        const askedForMs = bear(error);
        await clock.sleep(Math.max(askedForMs, Math.min(1_000 * 2 ** attempt, longestMs)), signal);
      }
    }
  }

  function bearCall({ code, reason, retryAfterMs = 0 }: CallFailure): number {
    if (code === 401) throw new Error(tokenRefused);
    if (code === 409) {
      begin('conflict', () =>
        log.error(
          {},
          "another program polls Telegram with this bot's token: stop it, or make a bot of its own for each",
        ),
      );
    } else if (code === 429) {
      begin('hurry', () => log.info({ reason }, 'Telegram asks to wait before it is called again'));
    } else begin('unreachable', () => log.warn({ code, reason }, 'Telegram cannot be reached; trying again'));
    return retryAfterMs;
  }

  function bearStore(error: unknown): number {
    const reason = error instanceof Error ? error.message : String(error);
    begin('store', () => log.error({ reason }, 'a message could not be stored; trying again'));
    return 0;
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
    alone: () => end('conflict', 'no other program polls Telegram any more'),
  };
}

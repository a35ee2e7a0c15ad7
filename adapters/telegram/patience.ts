import type { Clock, Log } from '../../src/core/ports/world.ts';
import { failureOf, tokenRefused } from './api.ts';

interface PatienceOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Tries again what fails for a while, and says so once: not each time. All of it rejects with the signal's reason. */
interface Patience {
  /** Repeats a call until Telegram has answered it; rejects when Telegram never will. */
  call<T>(act: () => Promise<T>): Promise<T>;
  /** Repeats until the message is in the store. */
  store(act: () => Promise<void>): Promise<void>;
  /** Nobody else polls, as far as can be seen. */
  alone(): void;
}

type Trouble = 'unreachable' | 'conflict' | 'store';

const longestWaitMs = 30_000;
/** The store is near, and everybody waits for it. */
const longestWaitForStoreMs = 2_000;

export function createPatience({ clock, log, signal }: PatienceOptions): Patience {
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
    bear: (error: unknown) => number,
    longestMs = longestWaitMs,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await unlessAborted(act(), signal);
      } catch (error) {
        signal.throwIfAborted();
        const askedForMs = bear(error);
        await clock.sleep(Math.max(askedForMs, Math.min(1_000 * 2 ** attempt, longestMs)), signal);
      }
    }
  }

  function bearCall(error: unknown): number {
    const { code, reason, retryAfterMs = 0 } = failureOf(error);
    if (code === 401) throw new Error(tokenRefused);
    if (code === 409) {
      begin('conflict', () =>
        log.error(
          {},
          "another program polls Telegram with this bot's token: stop it, or make a bot of its own for each",
        ),
      );
    } else begin('unreachable', () => log.warn({ code, reason }, 'Telegram cannot be reached; trying again'));
    return retryAfterMs;
  }

  function bearStore(error: unknown): number {
    const reason = error instanceof Error ? error.message : String(error);
    begin('store', () => log.error({ reason }, 'a message could not be stored; trying again'));
    return 0;
  }

  return {
    async call(act) {
      const answer = await repeat(act, bearCall);
      end('unreachable', 'Telegram is reached again');
      return answer;
    },
    async store(act) {
      await repeat(act, bearStore, longestWaitForStoreMs);
      end('store', 'messages can be stored again');
    },
    alone: () => end('conflict', 'no other program polls Telegram any more'),
  };
}

/** A promise that is given up when the signal aborts. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

import { backOffMs } from '../../src/core/back-off.ts';
import type { InboundMessage } from '../../src/core/message.ts';
import type { Deliver } from '../../src/core/ports/platform.ts';
import type { Clock, Log } from '../../src/core/ports/world.ts';
import { createEpisode } from './episode.ts';

export interface StoringOptions {
  readonly deliver: Deliver;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted: try no more. */
  readonly signal: AbortSignal;
}

interface Storing {
  /** Tries until the message is in the store. Rejects at the end. */
  store(message: InboundMessage): Promise<void>;
  isAway(): boolean;
}

const longestWaitMs = 30_000;

export function createStoring({ deliver, clock, log, signal }: StoringOptions): Storing {
  const away = createEpisode({
    begin: (fields) => log.error(fields, 'a message could not be stored; trying again'),
    end: (fields) => log.info(fields, 'messages can be stored again'),
  });
  return {
    isAway: () => away.isOn,
    async store(message) {
      for (let attempt = 0; ; attempt++) {
        try {
          signal.throwIfAborted();
          await deliver(message);
          return away.end();
        } catch (error) {
          signal.throwIfAborted();
          away.begin({ reason: error instanceof Error ? error.message : String(error) });
          await clock.sleep(backOffMs(attempt, longestWaitMs), signal);
        }
      }
    },
  };
}

import type { InboundMessage } from '../../src/core/message.ts';
import type { Deliver } from '../../src/core/ports/platform.ts';
import type { Clock, Log } from '../../src/core/ports/world.ts';
import { createEpisode } from './episode.ts';

interface LinesOptions {
  readonly deliver: Deliver;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted: try no more. */
  readonly signal: AbortSignal;
  /** How many messages may wait for the store. */
  readonly room?: number;
}

/** A line for each channel: what is heard there is delivered one by one, in the order in which it was said. */
export interface Lines {
  /** Tries until the message is in the store: a gateway cannot be told to bring it again. */
  add(message: InboundMessage): void;
  /** Tries once, when it is its turn; at once while the store is away, and its line stands still. */
  tryOnce(message: InboundMessage, first?: Promise<void>): ReturnType<Deliver>;
  /** Tries once, whatever else is said there. */
  tryNow(message: InboundMessage): ReturnType<Deliver>;
  /** Nothing is under way any more. */
  empty(): Promise<void>;
}

const usualRoom = 1_000;
const longestWaitMs = 30_000;

export function createLines({ deliver, clock, log, signal, room = usualRoom }: LinesOptions): Lines {
  const ends = new Map<string, Promise<void>>();
  let waiting = 0;
  const away = createEpisode({
    begin: (fields) => log.error(fields, 'a message could not be stored; trying again'),
    end: (fields) => log.info(fields, 'messages can be stored again'),
  });
  const full = createEpisode({
    begin: (fields) =>
      log.error(fields, 'too many messages wait for the store: those that come now are lost'),
    end: (fields) => log.info(fields, 'there is room for messages again'),
  });

  /** Resolves as `act` does. The line goes on in any case. */
  function follow<T>(line: string, act: () => Promise<T>): Promise<T> {
    const acted = (ends.get(line) ?? Promise.resolve()).then(act);
    const end = acted
      .catch(() => undefined)
      .then(() => {
        if (ends.get(line) === end) ends.delete(line);
      });
    ends.set(line, end);
    return acted;
  }

  async function store(message: InboundMessage): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        signal.throwIfAborted();
        await deliver(message);
        return away.end();
      } catch (error) {
        signal.throwIfAborted();
        away.begin({ reason: error instanceof Error ? error.message : String(error) });
        await clock.sleep(Math.min(1_000 * 2 ** attempt, longestWaitMs), signal);
      }
    }
  }

  return {
    add(message) {
      if (signal.aborted) return;
      if (waiting >= room) return full.begin();
      full.end();
      waiting += 1;
      follow(message.target.channel, () => store(message))
        .catch(() => log.error({}, 'a message is lost: the bridge had to end before it could be stored'))
        .finally(() => {
          waiting -= 1;
        });
    },
    tryOnce(message, first) {
      const act = async () => {
        await first;
        return deliver(message);
      };
      return away.isOn ? act() : follow(message.target.channel, act);
    },
    // In a line of its own.
    tryNow: (message) => follow(message.id, async () => deliver(message)),
    async empty() {
      await Promise.all(ends.values());
    },
  };
}

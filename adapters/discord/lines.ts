import type { InboundMessage } from '../../src/core/message.ts';
import type { Deliver } from '../../src/core/ports/platform.ts';
import { createEpisode } from './episode.ts';
import { createOrder } from './order.ts';
import { createStoring, type StoringOptions } from './storing.ts';

interface LinesOptions extends StoringOptions {
  /** How many messages may wait for the store. */
  readonly room?: number;
  /** Resolves when all that was said in a channel before has been delivered. */
  readonly caughtUp?: (channel: string) => Promise<void>;
}

/** A line for each channel: what is heard there is delivered one by one, in the order in which it was said. */
export interface Lines {
  /**
   * Tries until the message is in the store, and then calls `stored`: a gateway cannot be told to bring it again. False,
   * and nothing is done, when there is no room for it.
   */
  add(message: InboundMessage, stored?: () => void): boolean;
  /** Does something when all that was said before has been delivered. */
  after(channel: string, act: () => void): void;
  /** The same; of several with nothing else between them only the last is done, as one that stands for all. */
  afterLast(channel: string, act: () => void): void;
  /** The same for what was said before, and goes in front of the line; should it stand there too, it is passed over. */
  addMissed(message: InboundMessage): Promise<void>;
  /** Tries once, when it is its turn; at once while the store is away, and its line stands still. */
  tryOnce(message: InboundMessage, first?: Promise<void>): ReturnType<Deliver>;
  /** Tries once, whatever else is said there. */
  tryNow(message: InboundMessage, first?: Promise<void>): ReturnType<Deliver>;
  /** Nothing is under way any more. */
  empty(): Promise<void>;
}

const usualRoom = 1_000;
const missedRemembered = 10_000;

const nothingIsMissed = async () => {};

export function createLines(options: LinesOptions): Lines {
  const { deliver, log, signal, room = usualRoom, caughtUp = nothingIsMissed } = options;
  const { follow, followLast, empty } = createOrder();
  const missed = new Set<string>();
  let waiting = 0;
  const { store, isAway } = createStoring(options);
  const full = createEpisode({
    begin: (fields) =>
      log.error(fields, 'too many messages wait for the store: those that come now are looked up later'),
    end: (fields) => log.info(fields, 'there is room for messages again'),
  });

  function remember(id: string): void {
    missed.add(id);
    const [oldest] = missed;
    if (missed.size > missedRemembered && oldest !== undefined) missed.delete(oldest);
  }

  async function finallyDo(channel: string, act: () => void): Promise<void> {
    await caughtUp(channel);
    // What was said before has not been delivered then.
    if (!signal.aborted) act();
  }

  return {
    add(message, stored) {
      const { channel } = message.target;
      if (waiting >= room) {
        full.begin();
        return false;
      }
      full.end();
      waiting += 1;
      follow(channel, async () => {
        await caughtUp(channel);
        if (!missed.has(message.id)) await store(message);
        stored?.();
      })
        .catch(() =>
          log.warn({}, 'the bridge had to end before a message could be stored: it is looked up later'),
        )
        .finally(() => {
          waiting -= 1;
        });
      return true;
    },
    after(channel, act) {
      follow(channel, () => finallyDo(channel, act)).catch(() => undefined);
    },
    afterLast: (channel, act) => followLast(channel, () => finallyDo(channel, act)),
    async addMissed(message) {
      await store(message);
      remember(message.id);
    },
    tryOnce(message, first) {
      const { channel } = message.target;
      const act = async () => {
        await caughtUp(channel);
        await first;
        return deliver(message);
      };
      return isAway() ? act() : follow(channel, act);
    },
    // In a line of its own.
    tryNow: (message, first) =>
      follow(message.id, async () => {
        await first;
        return deliver(message);
      }),
    empty,
  };
}

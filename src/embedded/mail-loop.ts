import { setMaxListeners } from 'node:events';
import { whenAborted } from '../core/aborted.ts';
import { DeliveryLost } from '../core/errors.ts';
import type { MailHandler, WorkOptions } from '../core/ports/store.ts';
import type { Clock, Log } from '../core/ports/world.ts';
import { createHand, type Hand } from './hand.ts';
import type { LineTable } from './line-table.ts';
import type { MailTable, Take, Waiting } from './mail-table.ts';
import { createRests } from './rests.ts';

export interface MailLoopOptions {
  readonly mail: MailTable;
  readonly lines: LineTable;
  readonly retryDelaysMs: readonly number[];
  readonly clock: Clock;
  readonly log: Log;
}

/** One call of `work`. */
export interface MailLoop {
  /** This key has mail. */
  ring(key: string): void;
  run(): Promise<void>;
}

/** How often to look for mail that nobody rang for: what the command line left, what a failing store held up. */
const sweepEveryMs = 1_000;

/** How long `leave` waits for handlers to obey before it goes without them. */
const partingMs = 500;

export function createMailLoop(handler: MailHandler, work: WorkOptions, options: MailLoopOptions): MailLoop {
  const { mail, lines, clock, log } = options;
  const overtaken = new AbortController();
  const leave = AbortSignal.any([work.leave, overtaken.signal]);
  const halt = AbortSignal.any([work.stop, leave]);
  // Every wait for a next attempt listens to it.
  setMaxListeners(0, halt);
  /** Whose mail is looked at next. A key goes to the end after each message, so none waits for all of another's. */
  const line = new Set<string>();
  /** Whose message is in hand, or waits for its next attempt or for its rest. */
  const busy = new Set<string>();
  const rests = createRests(clock, halt);
  const hands = new Set<Hand>();
  let owner: number | undefined;

  function ring(key: string): void {
    if (!busy.has(key)) line.add(key);
    rests.wake(key);
    carefully(fill);
  }

  function fill(): void {
    for (const key of line) {
      if (owner === undefined || halt.aborted || hands.size >= work.concurrency) return;
      line.delete(key);
      const take = mail.take(owner, key, rests.awaited(key));
      if (take && 'openUntil' in take) void wait(key, take);
      else if (take) void hold(take);
    }
  }

  async function wait(key: string, waiting: Waiting): Promise<void> {
    busy.add(key);
    await rests.wait(key, waiting);
    busy.delete(key);
    ring(key);
  }

  async function hold(take: Take): Promise<void> {
    busy.add(take.key);
    rests.forget(take.key);
    const hand = createHand({ ...options, take, handler });
    hands.add(hand);
    // DeliveryLost: the next sweep finds out what there is to know.
    const waitMs = await hand.done.catch(() => 0);
    hands.delete(hand);
    if (waitMs > 0) {
      carefully(fill);
      await clock.sleep(waitMs, halt).catch(() => {});
    }
    busy.delete(take.key);
    ring(take.key);
  }

  function sweep(): void {
    owner ??= mail.own();
    if (mail.owner() !== owner) overtaken.abort(new DeliveryLost('another process has taken over the mail'));
    for (const key of lines.keys()) if (!busy.has(key)) line.add(key);
    fill();
  }

  /** A store that fails is tried again at the next sweep. */
  function carefully(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof DeliveryLost)) log.error({ err: error }, 'the store failed');
    }
  }

  async function parting(): Promise<void> {
    await whenAborted(leave);
    await clock.sleep(partingMs);
  }

  return {
    ring,
    async run() {
      leave.addEventListener('abort', () => {
        for (const hand of hands) hand.letGo();
      });
      while (!halt.aborted) {
        carefully(sweep);
        await clock.sleep(sweepEveryMs, halt).catch(() => {});
      }
      await Promise.race([Promise.allSettled([...hands].map(({ done }) => done)), parting()]);
      overtaken.signal.throwIfAborted();
    },
  };
}

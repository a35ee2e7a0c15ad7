import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, Mailbox, MailHandler } from '../../src/core/ports/store.ts';

/** A delivery that waits for the test to say how it ends. */
interface Held {
  readonly delivery: Delivery;
  readonly id: string;
  finish(): void;
  fail(error?: Error): void;
}

/** A worker whose handlers hold what they are given until the test says how it ends, or they are told to let go. */
export interface Desk {
  /** The next delivery that was handed out. */
  next(): Promise<Held>;
  /** Every delivery so far, as `id#attempt`. */
  readonly taken: readonly string[];
  /** Every message given up, as `id#attempt`, with the error. */
  readonly givenUp: readonly { take: string; error: unknown }[];
  /** What `work` gave back. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
  leave(): Promise<void>;
}

export interface DeskOptions {
  readonly concurrency?: number;
  /** The handlers do not obey `lost`. */
  readonly deaf?: boolean;
  /** Answers, instead of holding. */
  readonly answer?: (delivery: Delivery) => Promise<void>;
  readonly giveUp?: MailHandler['giveUp'];
}

export function openDesk(mailbox: Mailbox, options: DeskOptions = {}): Desk {
  const stop = new AbortController();
  const leave = new AbortController();
  const taken: string[] = [];
  const givenUp: { take: string; error: unknown }[] = [];
  const waiting: Held[] = [];
  const hold = (delivery: Delivery) =>
    new Promise<void>((resolve, reject) => {
      if (!options.deaf) delivery.lost.addEventListener('abort', () => reject(delivery.lost.reason));
      waiting.push({
        delivery,
        id: delivery.message.id,
        finish: resolve,
        fail: (error = new Error('the handler failed')) => reject(error),
      });
    });
  const working = mailbox.work(
    {
      answer(delivery) {
        taken.push(nameOf(delivery));
        return options.answer ? options.answer(delivery) : hold(delivery);
      },
      async giveUp(delivery, error) {
        givenUp.push({ take: nameOf(delivery), error });
        await options.giveUp?.(delivery, error);
      },
    },
    { concurrency: options.concurrency ?? 8, stop: stop.signal, leave: leave.signal },
  );
  working.catch(() => {}); // Whoever asks for the end hears of it.
  return {
    taken,
    givenUp,
    ended: working,
    async next() {
      await until(() => waiting.length > 0);
      return waiting.shift() as Held;
    },
    stop() {
      stop.abort();
      return working;
    },
    leave() {
      stop.abort();
      leave.abort();
      return working;
    },
  };
}

/** Waits for a condition; the test's own time limit is the only other way out. */
export async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await met())) await sleep(2);
}

const nameOf = (delivery: Delivery) => `${delivery.message.id}#${delivery.attempt}`;

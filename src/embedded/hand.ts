import { describeFailure, diedEachTime } from '../core/dead-letters.ts';
import { DeliveryLost, Postponed } from '../core/errors.ts';
import type { Delivery, MailHandler } from '../core/ports/store.ts';
import type { Clock, Log } from '../core/ports/world.ts';
import { isProgress, maxAttempts, retryDelayMs } from '../core/retry.ts';
import type { MailTable, Take } from './mail-table.ts';

interface HandOptions {
  readonly take: Take;
  readonly mail: MailTable;
  readonly handler: MailHandler;
  readonly retryDelaysMs: readonly number[];
  readonly clock: Clock;
  readonly log: Log;
}

/** One attempt at one message. */
export interface Hand {
  /** Resolves with how long the line has to wait now; rejects with DeliveryLost. */
  readonly done: Promise<number>;
  /** The message stays and the attempt does not count; whatever the handler still does changes nothing. */
  letGo(): void;
}

/** How long to wait when the store itself fails. */
const storePauseMs = 1_000;

export function createHand({ take, mail, handler, retryDelaysMs, clock, log }: HandOptions): Hand {
  const lost = new AbortController();
  const { key, message, attempt, record } = take;
  /** None any more when the turn gets further. */
  let { failures } = take;
  const delivery: Delivery = {
    key,
    message,
    attempt,
    record,
    lost: lost.signal,
    // Nobody else can take it while this process lives, even if it sleeps.
    assertHeld: () => lost.signal.throwIfAborted(),
    async note(next) {
      const gotFurther = isProgress(record, next);
      mail.note(take, next, gotFurther);
      if (gotFurther) failures = 0;
    },
    isStopped: async () => mail.isStopped(take),
    before: async () => mail.answered(key),
  };

  async function answer(): Promise<number> {
    lost.signal.throwIfAborted();
    if (take.spent) return giveUp(new Error(diedEachTime));
    try {
      await handler.answer(delivery);
    } catch (error) {
      if (error instanceof Postponed) {
        await insist(() => mail.uncount(take));
        return error.waitMs;
      }
      failures += 1;
      if (failures >= maxAttempts) return giveUp(error);
      await insist(() => mail.fail(take));
      return retryDelayMs(failures, error, retryDelaysMs);
    }
    await insist(() => mail.remove(take));
    return 0;
  }

  async function giveUp(error: unknown): Promise<number> {
    await insist(() => mail.bury(take, describeFailure(error)));
    try {
      await handler.giveUp(delivery, error);
    } catch (failure) {
      log.error({ err: failure }, 'the reader could not be told of a dead letter');
    }
    return 0;
  }

  /** A full disk may not make us forget what has happened: that would be an answer given twice. */
  async function insist(step: () => void): Promise<void> {
    for (;;) {
      lost.signal.throwIfAborted();
      try {
        return step();
      } catch (error) {
        if (error instanceof DeliveryLost) throw error;
        log.error({ err: error }, 'the store failed');
        await clock.sleep(storePauseMs, lost.signal);
      }
    }
  }

  return {
    // A moment later, so that `put` does not wait for what the handler does first.
    done: Promise.resolve().then(answer),
    letGo() {
      lost.abort(new DeliveryLost('this process has let go of the message'));
      if (take.spent) return;
      try {
        mail.uncount(take);
      } catch (error) {
        if (!(error instanceof DeliveryLost)) log.error({ err: error }, 'the store failed');
      }
    },
  };
}

import { randomUUID } from 'node:crypto';
import { unlessAborted, whenAborted } from '../core/aborted.ts';
import { describeFailure, diedEachTime } from '../core/dead-letters.ts';
import { Postponed } from '../core/errors.ts';
import { openForMs } from '../core/joining.ts';
import type { Delivery, MailHandler } from '../core/ports/store.ts';
import type { Log } from '../core/ports/world.ts';
import { isProgress, maxAttempts, maxDeaths, retryDelayMs } from '../core/retry.ts';
import type { Outcome, Visit } from './door-worker.ts';
import type { Doorbell } from './doorbell.ts';
import type { Hold } from './hold.ts';
import type { Left, Mail, Take, TakenMessage } from './mail.ts';

interface VisitorOptions {
  readonly mail: Mail;
  readonly doorbell: Doorbell;
  readonly handler: MailHandler;
  readonly stop: AbortSignal;
  readonly leave: AbortSignal;
  readonly retryDelaysMs: readonly number[];
  readonly log: Log;
  readonly now: () => number;
}

type End = { readonly landed: true } | { readonly landed: false; readonly error: unknown };

/** Answers the first message of a key, and rings again for the rest: no key keeps the others waiting. */
export function createVisitor(options: VisitorOptions): (visit: Visit) => Promise<Outcome> {
  const { mail, doorbell, handler, stop, leave, log } = options;

  async function visit({ key, lock, hold }: Visit): Promise<Outcome> {
    if (stop.aborted) return 'release';
    const take = { key, owner: randomUUID() };
    const taken = await mail.take(take, lock);
    if (taken === 'empty') return 'done';
    if (taken === 'lost') return 'lost';
    if ('open' in taken) return { waitMs: openForMs(taken.open, options.now()) };
    const count = { failures: taken.failures };
    const delivery = toDelivery(mail, take, taken, hold, count);
    if (taken.attempt - 1 - taken.failures >= maxDeaths)
      return giveUp(take, delivery, new Error(diedEachTime));
    const end = hold.lost.aborted ? undefined : await answer(delivery);
    if (end?.landed) return goOn(key, await mail.remove(take));
    if (leave.aborted || !end) {
      await mail.uncount(take);
      return 'release';
    }
    if (hold.lost.aborted) return 'lost';
    if (end.error instanceof Postponed) {
      await mail.uncount(take);
      return { waitMs: end.error.waitMs };
    }
    const failures = count.failures + 1;
    if (failures >= maxAttempts) return giveUp(take, delivery, end.error);
    await mail.fail(take);
    return { waitMs: retryDelayMs(failures, end.error, options.retryDelaysMs) };
  }

  /** Undefined: we left. Of a handler that only lost its lock the end is waited for: its successor here comes after it. */
  function answer(delivery: Delivery): Promise<End | undefined> {
    const ended = settle(() => handler.answer(delivery));
    const lost = whenAborted(delivery.lost);
    return Promise.race([ended, lost.then(() => (leave.aborted ? undefined : ended))]);
  }

  async function giveUp(take: Take, delivery: Delivery, error: unknown): Promise<Outcome> {
    const { key, message } = delivery;
    const reason = describeFailure(error);
    const left = await mail.bury(take, { key, message, reason, at: options.now() });
    if (left === 'lost') return 'lost';
    const told = settle(() => handler.giveUp(delivery, error)).then((end) => {
      if (!end.landed) log.warn({ reason: describeFailure(end.error) }, 'the reader could not be told');
    });
    await Promise.race([told, whenAborted(delivery.lost)]);
    return goOn(key, left);
  }

  async function goOn(key: string, left: Left | 'lost'): Promise<Outcome> {
    if (left === 'left') await doorbell.ring(key);
    return left === 'lost' ? 'lost' : 'done';
  }

  return visit;
}

/** How many attempts have failed before this one: none any more when the turn gets further. */
interface Count {
  failures: number;
}

function toDelivery(mail: Mail, take: Take, taken: TakenMessage, hold: Hold, count: Count): Delivery {
  return {
    key: take.key,
    message: taken.message,
    attempt: Math.min(taken.attempt, taken.failures + maxDeaths),
    record: taken.record,
    lost: hold.lost,
    assertHeld: hold.assert,
    async note(record) {
      hold.lost.throwIfAborted();
      const gotFurther = isProgress(taken.record, record);
      const noted = await unlessAborted(() => mail.note(take, record, gotFurther), hold.lost);
      if (noted === 'lost') hold.lose();
      hold.lost.throwIfAborted();
      if (gotFurther) count.failures = 0;
    },
    isStopped: () => mail.isStopped(take.key),
    before: () => mail.answered(take.key),
  };
}

async function settle(work: () => Promise<void>): Promise<End> {
  try {
    await work();
    return { landed: true };
  } catch (error) {
    return { landed: false, error };
  }
}

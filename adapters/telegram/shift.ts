import type { Leases } from '../../src/core/ports/store.ts';
import type { Log } from '../../src/core/ports/world.ts';

/** The time in which this process, and no other, looks after a bot. */
export interface Shift {
  /** Aborts at the end of it, whatever the reason. */
  readonly over: AbortSignal;
  /** Aborts when another process may have the next one already: say nothing more to Telegram. */
  readonly lost: AbortSignal;
}

interface ShiftsOptions {
  readonly leases: Leases;
  /** The bot's id: that of its account, the same in all processes. */
  readonly bot: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Called once for each time that another process has to be waited for. */
  readonly onWait: () => void;
}

/**
 * Works whenever no other process of this bridge does; rejects when the work does, or with the signal's reason. The
 * next process begins when the work of this one has settled, or when this one was killed and its lease has run out.
 */
export async function workInShifts(
  { leases, bot, log, signal, onWait }: ShiftsOptions,
  work: (shift: Shift) => Promise<never>,
): Promise<never> {
  for (let wasLost = false; ; ) {
    let waited = false;
    const lease = await leases.take(`telegram:${bot}`, signal, () => {
      waited = true;
      onWait();
    });
    if (waited) log.info({}, 'the other process has ended: this one takes over');
    else if (wasLost) log.info({}, 'no other process does: this one looks after Telegram again');
    try {
      await work({ lost: lease.lost, over: AbortSignal.any([signal, lease.lost]) });
    } catch (error) {
      if (signal.aborted || !lease.lost.aborted) throw error;
      wasLost = true;
      log.warn(
        {},
        'the store was away for so long that another process may look after Telegram now; this one waits for its turn',
      );
    } finally {
      await lease.release();
    }
  }
}

import { unlessAborted } from '../../src/core/aborted.ts';
import { createApi } from './api.ts';
import type { Hearing } from './hearing.ts';
import { confirmUpTo, pollFrom } from './poll.ts';
import { type Shift, workInShifts } from './shift.ts';
import { updateIdOf } from './update.ts';

/**
 * Hears by long polling, in one process at a time: Telegram refuses a second poll with the same token. An update is
 * confirmed there only after it has been delivered here.
 */
export function hearByPolling(hearing: Hearing): Promise<never> {
  const { leases, bot, log, signal, readiness } = hearing;
  const onWait = () => {
    log.info(
      {},
      'another process of this bridge polls Telegram with this bot; this one takes over when it ends',
    );
    readiness.hinder(undefined);
    readiness.begin();
  };
  return workInShifts({ leases, bot, log, signal, onWait }, (shift) => {
    readiness.begin();
    return poll(hearing, shift);
  });
}

/** As many updates as Telegram gives at once: with fewer, there are no more. */
const mostUpdates = 100;

async function poll(hearing: Hearing, { over, lost }: Shift): Promise<never> {
  const { settings, take, retry, clock, log, limits } = hearing;
  const { pollSeconds, graceSeconds, leaveSeconds } = limits;
  const api = createApi(settings, pollSeconds + graceSeconds);
  // All updates before `offset` are delivered; Telegram has been told of those before `told`.
  let offset = 0;
  let told = 0;
  // What comes first has waited; and so has what comes after Telegram was away.
  let isBehind = true;
  try {
    for (;;) {
      told = offset;
      const askedAt = clock.now();
      const updates = await retry.call(() => pollFrom(offset, { api, pollSeconds, signal: over, log }), over);
      if (updates.length === 0) retry.alone();
      if (clock.now() - askedAt > (pollSeconds + graceSeconds) * 1_000) isBehind = true;
      for (const update of updates) {
        await unlessAborted(() => take(update, (act) => retry.store(act, over), isBehind), over);
        offset = Math.max(offset, (updateIdOf(update) ?? 0) + 1);
      }
      if (updates.length < mostUpdates) isBehind = false;
      // No number can be read, or be right: they are no smaller than if they followed one another.
      if (offset === told) offset += updates.length;
    }
  } finally {
    if (offset !== told && !lost.aborted) await confirmUpTo(offset, createApi(settings, leaveSeconds));
  }
}

import { unlessAborted } from '../../src/core/aborted.ts';
import { createApi } from './api.ts';
import type { Hearing } from './hearing.ts';
import { confirmUpTo, pollFrom } from './poll.ts';
import { type Shift, workInShifts } from './shift.ts';

/**
 * Hears by long polling, in one process at a time: Telegram refuses a second poll with the same token. An update is
 * confirmed there only after it has been delivered here.
 */
export function hearByPolling(hearing: Hearing): Promise<never> {
  const { leases, bot, log, signal, ready } = hearing;
  const onWait = () => {
    log.info(
      {},
      'another process of this bridge polls Telegram with this bot; this one takes over when it ends',
    );
    ready();
  };
  return workInShifts({ leases, bot, log, signal, onWait }, (shift) => {
    ready();
    return poll(hearing, shift);
  });
}

async function poll({ settings, take, retry, log, limits }: Hearing, { over, lost }: Shift): Promise<never> {
  const { pollSeconds, graceSeconds, leaveSeconds } = limits;
  const api = createApi(settings, pollSeconds + graceSeconds);
  // All updates before `offset` are delivered; Telegram has been told of those before `told`.
  let offset = 0;
  let told = 0;
  try {
    for (;;) {
      told = offset;
      const updates = await retry.call(() => pollFrom(offset, { api, pollSeconds, signal: over, log }), over);
      if (updates.length === 0) retry.alone();
      for (const update of updates) {
        await unlessAborted(() => take(update, (act) => retry.store(act, over)), over);
        offset = update.update_id + 1;
      }
    }
  } finally {
    if (offset !== told && !lost.aborted) await confirmUpTo(offset, createApi(settings, leaveSeconds));
  }
}

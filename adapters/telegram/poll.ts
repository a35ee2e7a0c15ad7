import type { Api } from 'grammy';
import type { Log } from '../../src/core/ports/world.ts';
import { failureOf, signalFor } from './api.ts';
import { allowedUpdates, updateIdOf, updatesShape } from './update.ts';

interface PollOptions {
  readonly api: Api;
  /** How long Telegram keeps the poll open when there is nothing to tell. */
  readonly pollSeconds: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** The updates from `offset` on; those before it are thereby confirmed. Removes a webhook that stands in the way. */
export async function pollFrom(
  offset: number,
  { api, pollSeconds, signal, log }: PollOptions,
): Promise<unknown[]> {
  const ask = async () => {
    const request = { offset, limit: 100, timeout: pollSeconds, allowed_updates: allowedUpdates };
    const updates = updatesShape.parse(await api.getUpdates(request, signalFor(signal)));
    if (offset === 0 && updates.length > 0 && !updates.some(updateIdOf)) throw new Error(notNumbered);
    return updates;
  };
  try {
    return await ask();
  } catch (error) {
    const { code, reason } = failureOf(error);
    if (code !== 409 || !reason.includes('webhook is active')) throw error;
    log.warn({}, 'this bot has a webhook, which keeps it from being polled: it is removed');
    await api.deleteWebhook({ drop_pending_updates: false }, signalFor(signal));
    return ask();
  }
}

const notNumbered = 'no update has a number: whoever answers is not the Bot API';

/** Tells Telegram on the way out what need not be sent again. Should that fail, it is sent again and known as seen. */
export async function confirmUpTo(offset: number, api: Api): Promise<void> {
  await api.getUpdates({ offset, limit: 1, timeout: 0 }).catch(() => undefined);
}

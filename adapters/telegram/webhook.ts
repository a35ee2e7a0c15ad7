import { createApi, failureOf } from './api.ts';
import type { Hearing } from './hearing.ts';
import { type Shift, workInShifts } from './shift.ts';
import { registerWebhook, watchWebhook } from './webhook-registration.ts';
import { type Answer, again, openWebhookServer } from './webhook-server.ts';
import type { Webhook } from './webhook-settings.ts';

/**
 * Hears what Telegram sends to the webhook. Every process with the token listens, so that a proxy may choose among
 * them; one at a time registers the webhook, watches it, and removes it at its end. An update is answered only after
 * it has been delivered here, and Telegram sends the next one of a chat only after that: a chat's order is kept.
 */
export async function hearAtWebhook(webhook: Webhook, hearing: Hearing): Promise<never> {
  const { clock, leases, bot, log, signal, limits, ready } = hearing;
  const server = await openWebhookServer(webhook, (body) => take(body, hearing), log);
  let left: Promise<void> | undefined;
  const leave = () => {
    left ??= Promise.race([server.leave(), clock.sleep(limits.leaveSeconds * 1_000)]);
    return left;
  };
  const onWait = () => {
    log.info(
      {},
      'another process of this bridge registers the webhook; this one hears too, and takes over when it ends',
    );
    ready();
  };

  async function keep({ over, lost }: Shift): Promise<never> {
    try {
      const registered = await registerWebhook(webhook, hearing, over);
      ready();
      return await watchWebhook(registered, { clock, log, lookEveryMs: limits.lookEveryMs }, over);
    } finally {
      if (signal.aborted) {
        await leave();
        // Otherwise whoever comes next may have registered it already.
        if (!lost.aborted) await remove(hearing);
      }
    }
  }

  try {
    return await workInShifts({ leases, bot, log, signal, onWait }, keep);
  } finally {
    await leave();
    await server.close();
  }
}

/** Telegram keeps what comes from now on. */
async function remove({ settings, limits, log }: Hearing): Promise<void> {
  const api = createApi(settings, limits.leaveSeconds);
  await api.deleteWebhook({ drop_pending_updates: false }).catch((error: unknown) => {
    const { reason } = failureOf(error);
    log.warn({ reason }, 'the webhook could not be removed: Telegram calls it until the next start');
  });
}

async function take(body: string, hearing: Hearing): Promise<Answer> {
  const { read, deliver, retry, log } = hearing;
  const given = parse(body);
  if (given === undefined) {
    log.warn({ length: body.length }, 'a request to the webhook is not JSON, and is refused');
    return { status: 400 };
  }
  const message = read(given);
  if (!message) return { status: 200 };
  const stored = retry.storeOnce(() => inTime(deliver(message), hearing));
  return stored.then(
    () => ({ status: 200 }),
    () => again,
  );
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Rejects when the store takes too long; the message may be stored all the same, and is then known as seen. */
async function inTime(delivery: Promise<void>, { clock, limits }: Hearing): Promise<void> {
  const waiting = new AbortController();
  const tooLate = clock.sleep(limits.storeMs, waiting.signal).then(() => {
    throw new Error(`the store has not answered for ${limits.storeMs} ms`);
  });
  try {
    await Promise.race([delivery, tooLate]);
  } finally {
    waiting.abort();
  }
}

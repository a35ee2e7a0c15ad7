import type { Api } from 'grammy';
import type { Clock, Log } from '../../../src/core/ports/world.ts';
import { createApi, failureOf } from '../api.ts';
import type { Hearing } from '../hearing.ts';
import { type Shift, workInShifts } from '../shift.ts';
import { registerWebhook, watchWebhook } from './registration.ts';
import { type Answer, again, openWebhookServer } from './server.ts';
import type { Webhook } from './settings.ts';

/**
 * Hears what Telegram sends to the webhook. Every process with the token listens, so that a proxy may choose among
 * them; one at a time registers the webhook, watches it, and removes it at its end. An update is answered only after
 * it has been delivered here, and Telegram sends the next one of a chat only after that: a chat's order is kept.
 */
export async function hearAtWebhook(webhook: Webhook, hearing: Hearing): Promise<never> {
  const { settings, clock, leases, bot, log, signal, limits, readiness } = hearing;
  const server = await openWebhookServer(webhook, (body) => answerTo(body, hearing), log);
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
    readiness.hinder(undefined);
    readiness.begin();
  };

  // The order at the end: leave, so that what is under way is still confirmed to Telegram, and what is new comes again
  // soon; deleteWebhook; release the lease only then, or it would be the next process's webhook that is deleted; close
  // last, as Telegram waits ever longer for a port that does not answer.
  async function keep({ over, lost }: Shift): Promise<never> {
    try {
      const registered = await registerWebhook(webhook, hearing, over);
      readiness.begin();
      const { lookEveryMs } = limits;
      return await watchWebhook(registered, { clock, log, lookEveryMs, hinder: readiness.hinder }, over);
    } finally {
      if (signal.aborted) {
        await leave();
        // Otherwise whoever comes next may have registered it already.
        if (!lost.aborted) await remove(createApi(settings, limits.leaveSeconds), log);
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
async function remove(api: Api, log: Log): Promise<void> {
  await api.deleteWebhook({ drop_pending_updates: false }).catch((error: unknown) => {
    const { reason } = failureOf(error);
    log.warn({ reason }, 'the webhook could not be removed: Telegram calls it until the next start');
  });
}

type Taking = Pick<Hearing, 'take' | 'retry' | 'clock' | 'limits' | 'log'>;

async function answerTo(body: string, { take, retry, clock, limits, log }: Taking): Promise<Answer> {
  const given = parse(body);
  if (given === undefined) {
    log.warn({ length: body.length }, 'a request to the webhook is not JSON, and is refused');
    return { status: 400 };
  }
  const stored = (act: () => Promise<unknown>) => retry.storeOnce(() => inTime(act(), clock, limits.storeMs));
  return take(given, stored, true).then(
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
async function inTime(delivery: Promise<unknown>, clock: Clock, limitMs: number): Promise<void> {
  const waiting = new AbortController();
  const tooLate = clock.sleep(limitMs, waiting.signal).then(() => {
    throw new Error(`the store has not answered for ${limitMs} ms`);
  });
  try {
    await Promise.race([delivery, tooLate]);
  } finally {
    waiting.abort();
  }
}

import type { Api } from 'grammy';
import { type CallFailure, createApi, masked, signalFor } from '../api.ts';
import type { Hearing } from '../hearing.ts';
import type { Readiness } from '../readiness.ts';
import { allowedUpdates } from '../update.ts';
import { whatToCheck } from './reports.ts';
import type { Webhook } from './settings.ts';

const callSeconds = 20;
/** What Telegram does without being asked, so that another number that was set once does not last. */
const maxConnections = 40;

/** What Telegram says of the webhook. */
type Info = Awaited<ReturnType<Api['getWebhookInfo']>>;

export interface Registered {
  readonly url: string;
  /** Registers it again. */
  again(): Promise<void>;
  look(): Promise<Info>;
}

/** Tells Telegram of the webhook, for as long as it takes; rejects with what to do when Telegram refuses it. */
export async function registerWebhook(
  { url, secret }: Webhook,
  { settings, retry }: Pick<Hearing, 'settings' | 'retry'>,
  signal: AbortSignal,
): Promise<Registered> {
  const api = createApi(settings, callSeconds);
  const request = {
    secret_token: secret,
    allowed_updates: allowedUpdates,
    max_connections: maxConnections,
    drop_pending_updates: false,
  };
  const again = async () => {
    await retry.call(() => api.setWebhook(url, request, signalFor(signal)), signal, refusal);
    retry.alone();
  };
  await again();
  return {
    url,
    again,
    look: () => retry.call(() => api.getWebhookInfo(signalFor(signal)), signal),
  };
}

function refusal({ code, reason }: CallFailure): Error | undefined {
  if (code !== 400) return undefined;
  return new Error(
    `Telegram does not accept TELEGRAM_WEBHOOK_URL (${reason}): it must be an https address that the internet can reach, on port 443, 80, 88 or 8443 (another Bot API server takes others when it runs with --local)`,
  );
}

interface WatchOptions extends Pick<Hearing, 'clock' | 'log'> {
  readonly lookEveryMs: number;
  readonly hinder: Readiness['hinder'];
}

/** Looks now and then what Telegram makes of the webhook, and tells of it once for each trouble. */
export async function watchWebhook(
  { url, again, look }: Registered,
  { clock, log, lookEveryMs, hinder }: WatchOptions,
  signal: AbortSignal,
): Promise<never> {
  // What went wrong before it was registered is nobody's trouble any more.
  let { last_error_date: seen = 0 } = await look();
  let isFailing = false;
  let isReplaced = false;
  for (;;) {
    await clock.sleep(lookEveryMs, signal);
    const info = await look();
    const {
      last_error_date: at = 0,
      last_error_message: reported = '',
      pending_update_count: pending,
    } = info;
    if (info.url !== url) {
      if (!isReplaced) log.error({}, replaced);
      await again();
    }
    isReplaced = info.url !== url;
    if (at > seen && !isFailing) {
      log.warn({ reported: masked(reported), pending, check: whatToCheck(reported) }, failing);
      isFailing = true;
    } else if (at <= seen && isFailing && pending === 0) {
      log.info({}, 'Telegram reaches the webhook again');
      isFailing = false;
    }
    hinder(isReplaced ? replacedBefore : isFailing ? failingNow : undefined);
    seen = Math.max(seen, at);
  }
}

const replaced =
  "another program has removed or replaced the webhook with this bot's token: stop it, or make a bot of its own for each; it is registered again";
const replacedBefore = 'another program has removed or replaced the webhook';
const failingNow = 'Telegram cannot deliver to TELEGRAM_WEBHOOK_URL';
const failing = `${failingNow}; it keeps what people write and tries again`;

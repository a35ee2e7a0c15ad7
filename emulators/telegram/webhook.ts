import type { Update } from 'grammy/types';
import { post } from './webhook-post.ts';

/** One attempt to hand an update to a webhook. */
export interface WebhookDelivery {
  readonly at: number;
  readonly updateId: number;
  /** The line that the update waits in: its chat, if it has one. */
  readonly line: string;
  /** Undefined while it is under way, and when no answer came. */
  status: number | undefined;
}

/** How webhooks are treated on this server. */
export interface WebhookRules {
  /** As a Bot API server of one's own: http and every port are allowed. */
  readonly local: boolean;
  /** How long one second of a wait takes. */
  readonly secondMs: number;
  readonly now: () => number;
  readonly deliveries: WebhookDelivery[];
}

export interface WebhookSettings {
  readonly url: string;
  readonly secretToken: string;
  readonly maxConnections: number;
}

export interface Webhook {
  readonly settings: WebhookSettings;
  /** Date in seconds. */
  lastError(): { readonly date: number; readonly message: string } | undefined;
  /** There may be something new to deliver. */
  look(): void;
  /** Nothing more is sent, and what is under way counts for nothing. */
  close(): void;
}

/** What a webhook takes from and puts back to the bot's queue. */
interface Source {
  /** In order. */
  pending(): readonly Update[];
  confirm(updateId: number): void;
  /** It has said for a day that it is gone. */
  drop(): void;
}

const longestWaitSeconds = 60;
const longestRetryAfterSeconds = 3_600;
const goneAfterMs = 23 * 3_600_000;

/**
 * Delivers what is pending: the updates of one chat one after the other, those of other chats beside them. An update
 * that is not acknowledged is sent again at once, then after 2, 4, 8 … seconds, or when the answer asks for it.
 */
export function openWebhook(settings: WebhookSettings, source: Source, rules: WebhookRules): Webhook {
  const closing = new AbortController();
  /** The lines that are under way or wait for their next attempt. */
  const busy = new Set<string>();
  const failures = new Map<number, { count: number; delaySeconds: number }>();
  let connections = 0;
  let lastError: { date: number; message: string } | undefined;
  let goneSince: number | undefined;

  function look(): void {
    for (const update of source.pending()) {
      if (closing.signal.aborted || connections >= settings.maxConnections) return;
      const line = lineOf(update);
      if (!busy.has(line)) void attempt(update, line);
    }
  }

  async function attempt(update: Update, line: string): Promise<void> {
    busy.add(line);
    connections += 1;
    const record: WebhookDelivery = {
      at: rules.now(),
      updateId: update.update_id,
      line,
      status: undefined,
    };
    rules.deliveries.push(record);
    const { status, error, retryAfter } = await post(settings, update, closing.signal, rules.secondMs);
    connections -= 1;
    record.status = status;
    watchGone(status);
    if (closing.signal.aborted) return;
    if (error === undefined) source.confirm(update.update_id);
    else {
      lastError = { date: Math.floor(rules.now() / 1_000), message: error };
      await pause(waitSeconds(update.update_id, retryAfter) * rules.secondMs);
    }
    busy.delete(line);
    look();
  }

  function waitSeconds(updateId: number, retryAfter: number): number {
    const { count, delaySeconds } = failures.get(updateId) ?? { count: 0, delaySeconds: 1 };
    const isAsked = retryAfter > 0;
    const next = isAsked || count === 0 ? delaySeconds : Math.min(delaySeconds * 2, longestWaitSeconds);
    failures.set(updateId, { count: count + 1, delaySeconds: next });
    if (isAsked) return Math.min(retryAfter, longestRetryAfterSeconds);
    return count === 0 ? 0 : next;
  }

  function watchGone(status: number | undefined): void {
    if (status === undefined) return;
    goneSince = status === 410 ? (goneSince ?? rules.now()) : undefined;
    if (goneSince !== undefined && rules.now() > goneSince + goneAfterMs) source.drop();
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      closing.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    });
  }

  return { settings, lastError: () => lastError, look, close: () => closing.abort() };
}

function lineOf(update: Update): string {
  const [content] = Object.values(update).filter((value) => typeof value === 'object');
  const { chat, message } = content as { chat?: { id: number }; message?: { chat: { id: number } } };
  return String(chat?.id ?? message?.chat.id ?? `update ${update.update_id}`);
}

import type { Update } from 'grammy/types';
import type { WebhookSettings } from './webhook.ts';

interface Outcome {
  readonly status: number | undefined;
  /** What getWebhookInfo tells of it; undefined when the update was taken. */
  readonly error: string | undefined;
  /** In seconds; 0 when nothing was asked for. */
  readonly retryAfter: number;
}

const readTimeoutSeconds = 60;

/** This server reaches only this machine. */
const reachable = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** Sends one update, and says what came back in the words of the real server. */
export async function post(
  { url, secretToken }: WebhookSettings,
  update: Update,
  closed: AbortSignal,
  secondMs: number,
): Promise<Outcome> {
  if (!reachable.test(new URL(url).hostname))
    return failed('Failed to resolve host: Name or service not known');
  const timeout = AbortSignal.timeout(readTimeoutSeconds * secondMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(secretToken !== '' && { 'x-telegram-bot-api-secret-token': secretToken }),
      },
      body: JSON.stringify(update),
      redirect: 'manual',
      signal: AbortSignal.any([closed, timeout]),
    });
    await response.arrayBuffer();
    return outcomeOf(response);
  } catch (error) {
    if (timeout.aborted) return failed('Read timeout expired');
    const { code } = Object((error as Error).cause) as { readonly code?: string };
    return failed(code === 'ECONNREFUSED' ? 'Connection refused' : 'Webhook connection closed');
  }
}

const failed = (error: string): Outcome => ({ status: undefined, error, retryAfter: 0 });

function outcomeOf({ ok, status, statusText, headers }: Response): Outcome {
  const retryAfter = Number(/^\d+$/.exec(headers.get('retry-after') ?? '')?.[0] ?? 0);
  const error = ok ? undefined : `Wrong response from the webhook: ${status} ${statusText}`;
  return { status, error, retryAfter };
}

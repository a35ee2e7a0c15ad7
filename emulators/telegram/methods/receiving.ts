import type { Update, WebhookInfo } from 'grammy/types';
import type { Call } from '../call.ts';
import { flag, integer, json } from '../params.ts';
import { badRequest, conflict } from '../refusal.ts';

const webhookPorts = ['', '443', '80', '88', '8443'];
const maxPollSeconds = 50;

export async function getUpdates({ bot, params, signal }: Call): Promise<Update[]> {
  if (bot.webhook !== undefined) {
    throw conflict(
      "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    );
  }
  const allowed = readAllowed(
    params.allowed_updates === undefined ? undefined : json(params, 'allowed_updates'),
  );
  if (allowed !== undefined) bot.updates.allow(allowed);
  const request = {
    offset: integer(params, 'offset') ?? 0,
    limit: clamp(integer(params, 'limit') ?? 100, 1, 100),
    timeoutSeconds: clamp(integer(params, 'timeout') ?? 0, 0, maxPollSeconds),
  };
  return bot.updates.poll(request, signal);
}

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** Stored and shown by getWebhookInfo; updates are not delivered to it. */
export function setWebhook({ bot, params }: Call): true {
  const url = params.url ?? '';
  if (url !== '') checkWebhookUrl(url);
  const secretToken = params.secret_token ?? '';
  if (secretToken.length > 256) throw badRequest('secret token is too long');
  if (!/^[\w-]*$/.test(secretToken)) throw badRequest('secret token contains unallowed characters');
  const allowed = readAllowed(json(params, 'allowed_updates'));
  if (allowed !== undefined) bot.updates.allow(allowed);
  if (flag(params, 'drop_pending_updates')) bot.updates.clear();
  bot.updates.interrupt('terminated by setWebhook request');
  const maxConnections = clamp(integer(params, 'max_connections') ?? 40, 1, 100);
  bot.webhook = url === '' ? undefined : { url, secretToken, maxConnections };
  return true;
}

function checkWebhookUrl(url: string): void {
  const bad = (reason: string) => badRequest(`bad webhook: ${reason}`);
  if (!URL.canParse(url)) throw bad('invalid webhook URL specified');
  const { protocol, port } = new URL(url);
  if (protocol !== 'https:') throw bad('An HTTPS URL must be provided for webhook');
  if (!webhookPorts.includes(port)) throw bad('Webhook can be set up only on ports 80, 88, 443 or 8443');
}

export function deleteWebhook({ bot, params }: Call): true {
  if (flag(params, 'drop_pending_updates')) bot.updates.clear();
  bot.webhook = undefined;
  return true;
}

export function getWebhookInfo({ bot }: Call): WebhookInfo {
  const { webhook, updates } = bot;
  const allowed = updates.allowed() as NonNullable<WebhookInfo['allowed_updates']>;
  return {
    url: webhook?.url ?? '',
    has_custom_certificate: false,
    pending_update_count: updates.pending(),
    ...(webhook && { max_connections: webhook.maxConnections }),
    ...(allowed.length > 0 && { allowed_updates: allowed }),
  };
}

function readAllowed(list: unknown): string[] | undefined {
  if (list === undefined) return undefined;
  return Array.isArray(list) ? list.map(String) : [];
}

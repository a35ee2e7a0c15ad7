import { isDeepStrictEqual } from 'node:util';
import type { Update, WebhookInfo } from 'grammy/types';
import type { Call } from '../call.ts';
import { flag, integer, json } from '../params.ts';
import { badRequest, conflict, tooManyRequests } from '../refusal.ts';
import { openWebhook } from '../webhook.ts';
import type { BotState } from '../world.ts';

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

export function setWebhook(call: Call): true {
  const { world, bot, params } = call;
  const url = params.url ?? '';
  if (url === '') return deleteWebhook(call);
  if (world.now() < bot.nextSetWebhookAt) throw tooManyRequests(1);
  bot.nextSetWebhookAt = world.now() + 1_000;
  checkWebhookUrl(url, world.webhookRules.local);
  const secretToken = params.secret_token ?? '';
  if (secretToken.length > 256) throw badRequest('secret token is too long');
  if (!/^[\w-]*$/.test(secretToken)) throw badRequest('secret token contains unallowed characters');
  const allowed = readAllowed(json(params, 'allowed_updates'));
  if (allowed !== undefined) bot.updates.allow(allowed);
  const maxConnections = clamp(integer(params, 'max_connections') ?? 40, 1, 100);
  const settings = { url, secretToken, maxConnections };
  const isSame = isDeepStrictEqual(settings, bot.webhook?.settings);
  if (flag(params, 'drop_pending_updates')) bot.updates.clear();
  else if (isSame) return true;
  bot.updates.interrupt('terminated by setWebhook request');
  bot.webhook?.close();
  bot.webhook = openWebhook(settings, sourceOf(bot), world.webhookRules);
  bot.webhook.look();
  return true;
}

const sourceOf = (bot: BotState) => ({
  pending: bot.updates.waiting,
  confirm: bot.updates.confirm,
  drop: () => removeWebhook(bot),
});

function checkWebhookUrl(url: string, local: boolean): void {
  const bad = (reason: string) => badRequest(`bad webhook: ${reason}`);
  if (!URL.canParse(url)) throw badRequest('invalid webhook URL specified');
  const { protocol, port } = new URL(url);
  if (local && protocol === 'http:') return;
  if (protocol !== 'https:') throw bad('An HTTPS URL must be provided for webhook');
  if (!local && !webhookPorts.includes(port))
    throw bad('Webhook can be set up only on ports 80, 88, 443 or 8443');
}

export function deleteWebhook({ bot, params }: Call): true {
  if (flag(params, 'drop_pending_updates')) bot.updates.clear();
  removeWebhook(bot);
  return true;
}

function removeWebhook(bot: BotState): void {
  bot.webhook?.close();
  bot.webhook = undefined;
}

export function getWebhookInfo({ bot }: Call): WebhookInfo {
  const { webhook, updates } = bot;
  const allowed = updates.allowed() as NonNullable<WebhookInfo['allowed_updates']>;
  const error = webhook?.lastError();
  return {
    url: webhook?.settings.url ?? '',
    has_custom_certificate: false,
    pending_update_count: updates.pending(),
    ...(error && { last_error_date: error.date, last_error_message: error.message }),
    ...(webhook && { max_connections: webhook.settings.maxConnections }),
    ...(allowed.length > 0 && { allowed_updates: allowed }),
  };
}

function readAllowed(list: unknown): string[] | undefined {
  if (list === undefined) return undefined;
  return Array.isArray(list) ? list.map(String) : [];
}

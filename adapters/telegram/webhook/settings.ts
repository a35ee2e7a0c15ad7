import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { TelegramSettings } from '../api.ts';

const port = 'must be a port, 1 to 65535';

/** The variables of the webhook. */
export const webhookVariables = {
  TELEGRAM_WEBHOOK_URL: z
    .url({ protocol: /^https?$/, error: 'must look like https://bridge.example.com/telegram' })
    .optional(),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{1,256}$/, 'must be 1 to 256 characters of A-Z, a-z, 0-9, _ and -')
    .optional(),
  TELEGRAM_WEBHOOK_PORT: z.coerce.number(port).int(port).min(1, port).max(65_535, port).optional(),
  TELEGRAM_WEBHOOK_HOST: z.string().optional(),
};

export type WebhookSettings = Partial<z.output<z.ZodObject<typeof webhookVariables>>>;

export interface Webhook {
  /** Where Telegram calls. */
  readonly url: string;
  /** What Telegram shows to be known by. */
  readonly secret: string;
  /** Where this process listens. */
  readonly port: number;
  readonly host: string;
}

const telegramItself = 'https://api.telegram.org';
/** The ports that Telegram calls; 443 is not written in an address. */
const ports = ['', '80', '88', '8443'];
const usualPort = 8_080;
/** The proxy stands on the same machine. */
const usualHost = '127.0.0.1';

/** What is wrong with the webhook's address. A Bot API server of one's own may call any. */
export function mistakeIn({
  TELEGRAM_API_ROOT: root,
  TELEGRAM_WEBHOOK_URL: url,
}: TelegramSettings & WebhookSettings): string | undefined {
  // What is no address at all has been named already.
  if (url === undefined || !URL.canParse(url) || !URL.canParse(root)) return undefined;
  if (new URL(root).origin !== telegramItself) return undefined;
  const { protocol, port } = new URL(url);
  if (protocol !== 'https:') return 'must begin with https://: Telegram calls nothing else';
  return ports.includes(port) ? undefined : 'must be on port 443, 80, 88 or 8443: Telegram calls no other';
}

/** The webhook to hear at, if one is set. */
export function webhookIn(settings: TelegramSettings & WebhookSettings): Webhook | undefined {
  const { TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET, TELEGRAM_WEBHOOK_PORT } = settings;
  if (url === undefined) return undefined;
  return {
    url,
    secret: TELEGRAM_WEBHOOK_SECRET ?? secretFrom(settings.TELEGRAM_BOT_TOKEN),
    port: TELEGRAM_WEBHOOK_PORT ?? usualPort,
    host: settings.TELEGRAM_WEBHOOK_HOST ?? usualHost,
  };
}

/** The same in every process with this token, which cannot be told from it. */
function secretFrom(token: string): string {
  return createHmac('sha256', token).update('coze-bridge webhook').digest('base64url');
}

/** What is said of settings of the webhook when there is none. A container has its host set in any case. */
export function idleSettings(settings: WebhookSettings): string[] {
  if (settings.TELEGRAM_WEBHOOK_URL !== undefined) return [];
  return (['TELEGRAM_WEBHOOK_SECRET', 'TELEGRAM_WEBHOOK_PORT'] as const)
    .filter((name) => settings[name] !== undefined)
    .map((name) => `${name}: ignored without TELEGRAM_WEBHOOK_URL`);
}

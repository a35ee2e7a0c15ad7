import type { RESTOptions } from 'discord.js';
import type { ProxyWay } from '../platform.ts';
import { dispatcherBy } from './proxy.ts';

export interface DiscordSettings {
  readonly DISCORD_BOT_TOKEN: string;
  readonly DISCORD_API_URL: string;
  /** The bot may read what is not addressed to it: a privileged intent, to be switched on at Discord too. */
  readonly DISCORD_MESSAGE_CONTENT: boolean;
  readonly proxy?: ProxyWay | undefined;
}

/**
 * discord.js would wait out every rate limit by itself, and send a call again whose fate it does not know: here it
 * does neither, so that the pace hears of the one and the live reply decides on the other.
 */
export async function restOptions(
  { DISCORD_API_URL, proxy }: DiscordSettings,
  timeoutMs: number,
): Promise<Partial<RESTOptions>> {
  return {
    ...(proxy && { agent: await dispatcherBy(proxy) }),
    api: DISCORD_API_URL,
    version: '10',
    timeout: timeoutMs,
    retries: 0,
    rejectOnRateLimit: () => true,
  };
}

/** The bot's user id: a token begins with it. Tokens of servers that only resemble Discord may not. */
export function botOf({ DISCORD_BOT_TOKEN }: DiscordSettings): string | undefined {
  const id = Buffer.from(DISCORD_BOT_TOKEN.split('.')[0] ?? '', 'base64url').toString('latin1');
  return /^\d{17,20}$/.test(id) ? id : undefined;
}

export const tokenRefused =
  'Discord does not accept DISCORD_BOT_TOKEN: in the developer portal, under Bot, press Reset Token and copy the new one whole';

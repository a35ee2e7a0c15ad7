import type { Tools } from '../platform.ts';
import type { TelegramSettings } from './api.ts';
import type { Take } from './intake.ts';
import type { ReceiveLimits } from './limits.ts';
import type { Retry } from './retry.ts';

/** What both ways to hear Telegram work with. */
export interface Hearing extends Pick<Tools, 'clock' | 'log' | 'leases'> {
  readonly settings: TelegramSettings;
  /** The bot's id. */
  readonly bot: string;
  readonly take: Take;
  readonly retry: Retry;
  readonly signal: AbortSignal;
  /** It hears, or stands by for when the process that hears ends. May be called again. */
  readonly ready: () => void;
  readonly limits: ReceiveLimits;
}

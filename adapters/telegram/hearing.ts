import type { Tools } from '../platform.ts';
import type { TelegramSettings } from './api.ts';
import type { Take } from './intake.ts';
import type { ReceiveLimits } from './limits.ts';
import type { Readiness } from './readiness.ts';
import type { Retry } from './retry.ts';

/** What both ways to hear Telegram work with. */
export interface Hearing extends Pick<Tools, 'clock' | 'log' | 'leases'> {
  readonly settings: TelegramSettings;
  /** The bot's id. */
  readonly bot: string;
  readonly take: Take;
  readonly retry: Retry;
  readonly signal: AbortSignal;
  readonly readiness: Readiness;
  readonly limits: ReceiveLimits;
}

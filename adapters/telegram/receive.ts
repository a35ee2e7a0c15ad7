import type { Receive } from '../../src/core/ports/platform.ts';
import type { Tools } from '../platform.ts';
import { createApi, failureOf, signalFor, type TelegramSettings } from './api.ts';
import { announceCommands } from './commands.ts';
import type { Hearing } from './hearing.ts';
import { createIntake } from './intake.ts';
import { type ReceiveLimits, usualLimits } from './limits.ts';
import { hearByPolling } from './long-poll.ts';
import { createReadiness } from './readiness.ts';
import { createRetry } from './retry.ts';
import { type Me, meShape } from './update.ts';
import { hearAtWebhook } from './webhook/hear.ts';
import { idleSettings, type WebhookSettings, webhookIn } from './webhook/settings.ts';

const helloSeconds = 15;
const announceSeconds = 5;

/** Hears Telegram: at a webhook where one is set, else by long polling. */
export function receiveFromTelegram(
  settings: TelegramSettings & WebhookSettings,
  { clock, log, leases, notes }: Pick<Tools, 'clock' | 'log' | 'leases' | 'notes'>,
  limits: Partial<ReceiveLimits> = {},
): Receive {
  return async (deliver, signal, onReady, onDeaf) => {
    const webhook = webhookIn(settings);
    const readiness = createReadiness(onReady, onDeaf);
    // At a webhook, calls that fail keep nobody from hearing.
    const retry = createRetry({ clock, log, ...(!webhook && { tell: readiness.hinder }) });
    try {
      const me = await meet(settings, retry, signal);
      await announceCommands(createApi(settings, announceSeconds), signal).catch((error: unknown) => {
        signal.throwIfAborted();
        log.warn({ reason: failureOf(error).reason }, 'the menu of commands could not be set');
      });
      const hearing: Hearing = {
        settings,
        clock,
        log,
        leases,
        retry,
        signal,
        bot: String(me.id),
        take: createIntake({ settings, me, deliver, clock, log, notes }),
        readiness,
        limits: { ...usualLimits, ...limits },
      };
      for (const warning of idleSettings(settings)) log.warn({ warning }, 'odd setting');
      await (webhook ? hearAtWebhook(webhook, hearing) : hearByPolling(hearing));
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
}

function meet(settings: TelegramSettings, retry: Hearing['retry'], signal: AbortSignal): Promise<Me> {
  const api = createApi(settings, helloSeconds);
  return retry.call(async () => meShape.parse(await api.getMe(signalFor(signal))), signal);
}

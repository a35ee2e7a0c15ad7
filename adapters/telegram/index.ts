import { z } from 'zod';
import { definePlatform } from '../platform.ts';
import { receiveFromTelegram } from './receive.ts';
import { createTelegramSender } from './send.ts';
import { mistakeIn, webhookVariables } from './webhook/settings.ts';

/** Telegram, by the Bot API: heard by long polling or at a webhook. */
export const telegram = definePlatform({
  name: 'telegram',
  enabledBy: 'TELEGRAM_BOT_TOKEN',
  env: z
    .object({
      TELEGRAM_BOT_TOKEN: z
        .string('required: ask @BotFather for one, and set it')
        .trim()
        .regex(/^\d+:[\w-]+$/, 'must look like 123456:AAE…: copy it whole from @BotFather'),
      TELEGRAM_API_ROOT: z
        .url({ protocol: /^https?$/, error: 'must look like https://api.telegram.org' })
        .default('https://api.telegram.org')
        .transform((root) => root.replace(/\/+$/, '')),
      TELEGRAM_FORMAT: z.enum(['entities', 'rich'], 'must be entities or rich').default('entities'),
      TELEGRAM_STREAM: z.enum(['edit', 'draft'], 'must be edit or draft').default('edit'),
      ...webhookVariables,
    })
    .superRefine((settings, { addIssue }) => {
      const message = mistakeIn(settings);
      if (message) addIssue({ code: 'custom', path: ['TELEGRAM_WEBHOOK_URL'], message });
    }),
  leg: { proxy: 'TELEGRAM_PROXY', server: 'TELEGRAM_API_ROOT' },
  receive: (settings, tools) => receiveFromTelegram({ ...settings, proxy: tools.proxy }, tools),
  sender: (settings, tools) => createTelegramSender({ ...settings, proxy: tools.proxy }, tools),
});

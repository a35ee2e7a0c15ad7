import { z } from 'zod';
import { normaliseBaseUrl } from './coze/base-url.ts';

export type Level = (typeof levels)[number];
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const botId = "required: the digits after /bot/ in the address of the bot's page at Coze";

const port = 'must be a port from 0 to 65535';

/** The bridge's own variables; those of platforms are theirs. */
export const settings = z.object({
  COZE_BOT_ID: z.string(botId).regex(/^\d+$/, `must be digits only: ${botId.slice('required: '.length)}`),
  COZE_BASE_URL: z.string().default('https://api.coze.cn').transform(checked(normaliseBaseUrl)),
  // Read together with the general ones, by `proxyOf`.
  COZE_PROXY: z.string().optional(),
  COZE_SAVE_HISTORY: z.stringbool('must be true or false').default(true),
  USER_ID_SALT: z.string().min(16, 'must have at least 16 characters').optional(),
  REDIS_URL: z
    .url({
      protocol: /^rediss?$/,
      error: 'must look like redis://host:6379 or rediss://user:password@host:6379',
    })
    .optional(),
  DATA_DIR: z.string().default('./data'),
  ROLE: z.enum(['all', 'gateway', 'worker'], 'must be all, gateway or worker').default('all'),
  GROUP_CONTEXT: z.enum(['personal', 'shared'], 'must be personal or shared').default('personal'),
  SHOW_REASONING: z.stringbool('must be true or false').default(false),
  ANSWER_WITHIN_MINUTES: z.coerce
    .number('must be a number of minutes from 1 to 1440')
    .min(1, 'must be from 1 to 1440 minutes')
    .max(1440, 'must be from 1 to 1440 minutes')
    .default(15),
  LONG_ANSWER_MESSAGES: z.coerce
    .number('must be a whole number from 1 to 100')
    .int('must be a whole number from 1 to 100')
    .min(1, 'must be from 1 to 100')
    .max(100, 'must be from 1 to 100')
    .default(15),
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_PORT: z.coerce.number(port).int(port).min(0, port).max(65_535, port).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'must look like http://127.0.0.1:4318' })
    .optional(),
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(levels, `must be one of ${levels.join(', ')}`))
    .optional(),
  // Other programs use it too, each in its own way.
  DEBUG: z
    .string()
    .default('')
    .transform((given) => /^(true|1|yes|on)$/i.test(given)),
});

/** Lets a function that throws check a value. */
function checked<Given, Checked>(check: (given: Given) => Checked) {
  return (given: Given, context: z.RefinementCtx): Checked => {
    try {
      return check(given);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  };
}

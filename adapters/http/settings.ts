import { z } from 'zod';

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

const port = 'must be a port from 0 to 65535, or off';
const perMinute = 'must be a whole number of requests a minute, at least 1';
const bytes = 'must be a whole number of bytes, at least 1024';

const leastKey = 16;

/** Only this machine can reach it there. */
export const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)$/.test(host);

export const env = z
  .object({
    SERVER_HOST: z.string().default('127.0.0.1'),
    SERVER_PORT: z
      .string()
      .default('6001')
      .transform((given) => given.toLowerCase())
      .refine((given) => given === 'off' || (/^\d{1,5}$/.test(given) && Number(given) <= 65_535), port),
    /** The first is the owner's, who may see more than what it has asked itself. */
    SERVER_API_KEYS: z
      .string()
      .default('')
      .transform(listOf)
      .refine((keys) => keys.every(({ length }) => length >= leastKey), {
        error: `each needs at least ${leastKey} characters: npm run bridge -- keys makes one`,
      }),
    SERVER_CORS_ORIGINS: z.string().default('').transform(listOf),
    SERVER_MAX_BODY: z.coerce
      .number(bytes)
      .int(bytes)
      .min(1_024, bytes)
      .default(10 * 1_024 * 1_024),
    SERVER_RATE_PER_MINUTE: z.coerce.number(perMinute).int(perMinute).min(1, perMinute).default(300),
    COZE_USER_ID: z.string().default('default_user'),
  })
  .check(({ value, issues }) => {
    if (value.SERVER_PORT === 'off' || isLoopback(value.SERVER_HOST) || value.SERVER_API_KEYS.length > 0)
      return;
    issues.push({
      code: 'custom',
      path: ['SERVER_API_KEYS'],
      input: value.SERVER_API_KEYS,
      message: `required with SERVER_HOST=${value.SERVER_HOST}: anybody who reaches it could use your bot. npm run bridge -- keys makes one`,
    });
  });

export type ServerSettings = z.output<typeof env>;

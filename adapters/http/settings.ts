import { z } from 'zod';
import { isProxy } from './trusted-proxies.ts';

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

const port = 'must be a port from 0 to 65535, or off';
const perMinute = 'must be a whole number of requests a minute, at least 1';
const bytes = 'must be a whole number of bytes, at least 1024';

const proxies =
  'must be addresses of your reverse proxies, such as 127.0.0.1, 10.0.0.0/8 (/8 at the least) or loopback, with commas between; whoever is trusted can say that they are anybody, so never all';

const isOrigin = (given: string): boolean => URL.canParse(given) && new URL(given).origin === given;

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
    SERVER_CORS_ORIGINS: z
      .string()
      .default('')
      .transform(listOf)
      .refine(
        (given) => given.every(isOrigin),
        'each must be an origin: https://chat.example, without a path',
      ),
    SERVER_MAX_BODY: z.coerce
      .number(bytes)
      .int(bytes)
      .min(1_024, bytes)
      .default(10 * 1_024 * 1_024),
    SERVER_RATE_PER_MINUTE: z.coerce.number(perMinute).int(perMinute).min(1, perMinute).default(300),
    /** Whose X-Forwarded-For is believed. */
    SERVER_TRUST_PROXY: z
      .string()
      .default('')
      .transform((given) => listOf(given.toLowerCase()))
      .refine((given) => given.every(isProxy), proxies),
    COZE_USER_ID: z.string().default('default_user'),
  })
  .check(({ value, issues }) => {
    const why = whyKeys(value);
    if (why === undefined || value.SERVER_API_KEYS.length > 0) return;
    issues.push({
      code: 'custom',
      path: ['SERVER_API_KEYS'],
      input: value.SERVER_API_KEYS,
      message: `required with ${why} could use your bot. npm run bridge -- keys makes one`,
    });
  });

function whyKeys(given: {
  readonly SERVER_PORT: string;
  readonly SERVER_HOST: string;
  readonly SERVER_TRUST_PROXY: readonly string[];
}): string | undefined {
  if (given.SERVER_PORT === 'off') return undefined;
  if (!isLoopback(given.SERVER_HOST)) return `SERVER_HOST=${given.SERVER_HOST}: anybody who reaches it`;
  // A proxy on this machine looks like this machine.
  return given.SERVER_TRUST_PROXY.length > 0
    ? 'SERVER_TRUST_PROXY: anybody who reaches the proxy'
    : undefined;
}

export type ServerSettings = z.output<typeof env>;

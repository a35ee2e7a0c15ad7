import { z } from 'zod';
import type { Platform } from '../adapters/platform.ts';
import type { GroupContext } from './core/addressing.ts';
import { normaliseBaseUrl } from './coze/base-url.ts';
import { credentialNames, type OAuthCredentials, readCredentials } from './credentials.ts';
import { type Leg, type ProxyAddress, proxyOf } from './proxy/address.ts';
import { type Environment, oddities, secretsIn, withoutBlanks } from './variables.ts';

/** Whom to ask. */
export interface CozeConfig {
  readonly token: string | OAuthCredentials;
  readonly botId: string;
  readonly baseUrl: string;
  readonly proxy?: ProxyAddress | undefined;
}

/** A platform that runs, with its own settings, already checked. */
export interface EnabledPlatform {
  readonly platform: Platform;
  readonly settings: Record<string, unknown>;
  readonly proxy: ProxyAddress | undefined;
}

export interface Config {
  /** Undefined: nothing at all is configured, and the demo runs. */
  readonly coze: CozeConfig | undefined;
  readonly saveHistory: boolean;
  readonly platforms: readonly EnabledPlatform[];
  readonly groupContext: GroupContext;
  /** What reaches us longer than this after it was written is left alone. */
  readonly answerWithinMs: number;
  readonly showReasoning: boolean;
  /** So many messages an answer may have; the rest goes into a file. */
  readonly longAnswerMessages: number;
  readonly role: 'all' | 'gateway' | 'worker';
  readonly redisUrl: string | undefined;
  readonly dataDir: string;
  readonly userIdSalt: string | undefined;
  /** Where health and metrics are served without a key; undefined: nowhere. */
  readonly metrics: { readonly host: string; readonly port: number } | undefined;
  /** An OpenTelemetry collector; undefined: nothing is traced. */
  readonly tracesTo: string | undefined;
  /** Undefined: what suits the place where it runs. */
  readonly logLevel: Level | undefined;
  /** What is odd but no reason to stop. */
  readonly warnings: readonly string[];
  /** Never to be seen in a log. */
  readonly secrets: readonly string[];
}

/** The environment cannot be run with; `mistakes` names all that is wrong, and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];
  /** What is odd besides, and may be the reason: a misspelt name. */
  readonly warnings: readonly string[];
  constructor(mistakes: readonly string[], warnings: readonly string[]) {
    super(`cannot start: ${mistakes.join('; ')}`);
    this.mistakes = mistakes;
    this.warnings = warnings;
  }
}

type Level = (typeof levels)[number];
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const botId = "required: the digits after /bot/ in the address of the bot's page at Coze";

const port = 'must be a port from 0 to 65535';

const variables = z.object({
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

/** Reads the whole environment at once. Throws ConfigError with every mistake in it. */
export function readConfig(environment: Environment, platforms: readonly Platform[]): Config {
  const env = withoutBlanks(environment);
  const demo = isBlank(env, platforms);
  const parsed = variables.safeParse(demo ? { ...env, COZE_BOT_ID: '0' } : env);
  const credentials = readCredentials(demo ? { COZE_API_TOKEN: 'demo' } : env);
  const { token } = credentials;
  const enabled = enablePlatforms(env, platforms);
  const toCoze = wayOf({ variable: 'COZE_PROXY', server: parsed.data?.COZE_BASE_URL }, demo ? {} : env);
  const mistakes = unique([
    ...credentials.mistakes,
    ...(parsed.error ? tell(parsed.error) : []),
    ...toCoze.mistakes,
    ...enabled.mistakes,
    ...roleMistakes(env, platforms),
  ]);
  const names = [...Object.keys(variables.shape), ...credentialNames];
  const warnings = [...credentials.warnings, ...oddities(env, names, platforms)];
  if (!parsed.success || !token || mistakes.length > 0) throw new ConfigError(mistakes, warnings);
  const { data } = parsed;
  return {
    coze: demo
      ? undefined
      : { token, botId: data.COZE_BOT_ID, baseUrl: data.COZE_BASE_URL, proxy: toCoze.proxy },
    saveHistory: data.COZE_SAVE_HISTORY,
    platforms: enabled.platforms,
    groupContext: data.GROUP_CONTEXT,
    answerWithinMs: data.ANSWER_WITHIN_MINUTES * 60_000,
    showReasoning: data.SHOW_REASONING,
    longAnswerMessages: data.LONG_ANSWER_MESSAGES,
    role: data.ROLE,
    redisUrl: data.REDIS_URL,
    dataDir: data.DATA_DIR,
    userIdSalt: data.USER_ID_SALT,
    metrics:
      data.METRICS_PORT === undefined ? undefined : { host: data.METRICS_HOST, port: data.METRICS_PORT },
    tracesTo: data.OTEL_EXPORTER_OTLP_ENDPOINT,
    logLevel: data.LOG_LEVEL ?? (data.DEBUG ? 'debug' : undefined),
    warnings,
    secrets: [...secretsIn(env), ...credentials.secrets],
  };
}

/** How Coze is reached: all that must be known to find a bot. Throws ConfigError. */
export function readCozeAccess(environment: Environment): Omit<CozeConfig, 'botId'> {
  const env = withoutBlanks(environment);
  const { token, mistakes } = readCredentials(env);
  const { data, error } = variables.pick({ COZE_BASE_URL: true }).safeParse(env);
  const toCoze = wayOf({ variable: 'COZE_PROXY', server: data?.COZE_BASE_URL }, env);
  const all = [...mistakes, ...(error ? tell(error) : []), ...toCoze.mistakes];
  if (!token || !data || all.length > 0) throw new ConfigError(all, []);
  return { token, baseUrl: data.COZE_BASE_URL, proxy: toCoze.proxy };
}

/** Where everything is kept: all that a process must know that only looks into it. Throws ConfigError. */
export function readStoreConfig(environment: Environment): Pick<Config, 'redisUrl' | 'dataDir' | 'secrets'> {
  const env = withoutBlanks(environment);
  const { data, error } = variables.pick({ REDIS_URL: true, DATA_DIR: true }).safeParse(env);
  if (error) throw new ConfigError(tell(error), []);
  return { redisUrl: data.REDIS_URL, dataDir: data.DATA_DIR, secrets: secretsIn(env) };
}

const roleOf = (env: Environment): string => env.ROLE ?? 'all';

function isBlank(env: Environment, platforms: readonly Platform[]): boolean {
  const coze = Object.keys(env).some((name) => name.startsWith('COZE_'));
  return !coze && roleOf(env) === 'all' && switchedOn(env, platforms).length === 0;
}

function switchedOn(env: Environment, platforms: readonly Platform[]): readonly Platform[] {
  return platforms.filter(({ enabledBy }) => enabledBy && env[enabledBy]);
}

function enablePlatforms(env: Environment, platforms: readonly Platform[]) {
  const wanted = switchedOn(env, platforms);
  const fallback = roleOf(env) === 'all' ? platforms.filter(isFallback) : [];
  const enabled: EnabledPlatform[] = [];
  const mistakes: string[] = [];
  for (const platform of [...(wanted.length > 0 ? wanted : fallback), ...besides(env, platforms)]) {
    const parsed = platform.env.safeParse(env);
    const way = wayTo(platform, parsed.data, env);
    mistakes.push(...way.mistakes);
    if (parsed.success) enabled.push({ platform, settings: parsed.data, proxy: way.proxy });
    else mistakes.push(...tell(parsed.error));
  }
  return { platforms: enabled, mistakes };
}

const isFallback = ({ enabledBy, isOff }: Platform): boolean => !enabledBy && !isOff;

/** A worker answers whoever asks at a gateway, whether it would listen there itself or not. */
function besides(env: Environment, platforms: readonly Platform[]): readonly Platform[] {
  return platforms.filter(({ isOff }) => isOff && (roleOf(env) === 'worker' || !isOff(env)));
}

interface Way {
  readonly proxy?: ProxyAddress | undefined;
  readonly mistakes: readonly string[];
}

function wayTo({ leg }: Platform, settings: Record<string, unknown> | undefined, env: Environment): Way {
  if (!leg) return { mistakes: [] };
  const server = settings && String(settings[leg.server]);
  return wayOf({ variable: leg.proxy, server }, env);
}

function wayOf(leg: Leg, env: Environment): Way {
  try {
    return { proxy: proxyOf(leg, env), mistakes: [] };
  } catch (error) {
    return { mistakes: [error instanceof Error ? error.message : String(error)] };
  }
}

/** A general variable is every leg's mistake. */
const unique = (mistakes: readonly string[]): string[] => [...new Set(mistakes)];

function roleMistakes(env: Environment, platforms: readonly Platform[]): string[] {
  const role = roleOf(env);
  if (role !== 'gateway' && role !== 'worker') return [];
  const mistakes = [];
  if (!env.REDIS_URL)
    mistakes.push(`REDIS_URL: required with ROLE=${role}: processes share their work through Redis`);
  if ([...switchedOn(env, platforms), ...besides(env, platforms)].length === 0) {
    const names = platforms.flatMap(({ enabledBy }) => enabledBy ?? []);
    mistakes.push(`ROLE=${role} needs a platform: set ${names.join(' or ')}`);
  }
  return mistakes;
}

function tell({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

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

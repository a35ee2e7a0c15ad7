import type { z } from 'zod';
import type { Platform } from '../adapters/platform.ts';
import type { GroupContext } from './core/addressing.ts';
import { credentialNames, type OAuthCredentials, readCredentials } from './credentials.ts';
import { type Leg, type ProxyAddress, proxyOf } from './proxy/address.ts';
import { type Level, settings } from './settings.ts';
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
  /** Otherwise what was asked there is only answered: by this process, at another one. */
  readonly isHeard: boolean;
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

/** Reads the whole environment at once. Throws ConfigError with every mistake in it. */
export function readConfig(environment: Environment, platforms: readonly Platform[]): Config {
  const env = withoutBlanks(environment);
  const demo = isBlank(env, platforms);
  const parsed = settings.safeParse(demo ? { ...env, COZE_BOT_ID: '0' } : env);
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
  const names = [...Object.keys(settings.shape), ...credentialNames];
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
  const { data, error } = settings.pick({ COZE_BASE_URL: true }).safeParse(env);
  const toCoze = wayOf({ variable: 'COZE_PROXY', server: data?.COZE_BASE_URL }, env);
  const all = [...mistakes, ...(error ? tell(error) : []), ...toCoze.mistakes];
  if (!token || !data || all.length > 0) throw new ConfigError(all, []);
  return { token, baseUrl: data.COZE_BASE_URL, proxy: toCoze.proxy };
}

/** Where everything is kept: all that a process must know that only looks into it. Throws ConfigError. */
export function readStoreConfig(environment: Environment): Pick<Config, 'redisUrl' | 'dataDir' | 'secrets'> {
  const env = withoutBlanks(environment);
  const { data, error } = settings.pick({ REDIS_URL: true, DATA_DIR: true }).safeParse(env);
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
    const isHeard = roleOf(env) !== 'worker' && !platform.isOff?.(env);
    if (parsed.success) enabled.push({ platform, settings: parsed.data, proxy: way.proxy, isHeard });
    else mistakes.push(...tell(parsed.error));
  }
  return { platforms: enabled, mistakes };
}

const isFallback = ({ enabledBy, isOff }: Platform): boolean => !enabledBy && !isOff;

/** Who works answers whoever asks at another gateway, whether it would listen there itself or not. */
function besides(env: Environment, platforms: readonly Platform[]): readonly Platform[] {
  const isWorking = roleOf(env) !== 'gateway';
  return platforms.filter(({ isOff }) => isOff && (isWorking || !isOff(env)));
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
  // A worker always answers who asks by HTTP: it may be there for nothing else.
  if (role === 'gateway' && [...switchedOn(env, platforms), ...besides(env, platforms)].length === 0) {
    const names = platforms.flatMap(({ enabledBy }) => enabledBy ?? []);
    mistakes.push(`ROLE=${role} needs a platform: set ${names.join(' or ')}`);
  }
  return mistakes;
}

function tell({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

import type { Platform, ProxyWay } from '../../../adapters/platform.ts';
import { type Config, ConfigError, readConfig } from '../../config.ts';
import type { Clock } from '../../core/ports/world.ts';
import { proxyOf } from '../../proxy/address.ts';
import { createProxyWay } from '../../proxy/way.ts';
import type { Environment } from '../../variables.ts';

/** The bridge that is looked at, by its settings. */
export interface Subject {
  readonly env: Environment;
  readonly platforms: readonly Platform[];
  readonly clock: Clock;
  /** Or what is wrong with the settings. */
  readonly config: Config | ConfigError;
  /** Where else the token and the bot may be at home, by the address of Coze that is set. */
  readonly otherRegion: (baseUrl: string) => string | undefined;
}

export function subjectOf(options: Omit<Subject, 'config'>): Subject {
  try {
    return { ...options, config: readConfig(options.env, options.platforms) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { ...options, config: error };
  }
}

/** Nothing at all is set. */
export const isDemo = ({ config }: Subject): boolean =>
  !(config instanceof ConfigError) && config.coze === undefined;

interface Equipped {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly proxy: ProxyWay | undefined;
}

/** A platform's own settings, whatever is wrong with the others. Undefined where they are wrong themselves. */
export function equip({ env, leg }: Platform, { env: variables, clock }: Subject): Equipped | undefined {
  const { data: settings } = env.safeParse(variables);
  if (!settings) return undefined;
  try {
    const proxy = leg && proxyOf({ variable: leg.proxy, server: String(settings[leg.server]) }, variables);
    return { settings, proxy: proxy && createProxyWay(proxy, { clock }) };
  } catch {
    return undefined;
  }
}

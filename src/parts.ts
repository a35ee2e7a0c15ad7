import type { Config, CozeConfig, EnabledPlatform } from './config.ts';
import { nameOf } from './proxy/address.ts';

/** The part of the process that is no platform. */
export const mailboxPart = 'mailbox';

/** The platforms that this process hears. */
export const heardOf = ({ platforms }: Pick<Config, 'platforms'>) =>
  platforms.filter(({ isHeard }) => isHeard);

/** What must work for this process to be ready. */
export function partsOf({ role, platforms }: Config): string[] {
  const names = heardOf({ platforms }).map(({ platform }) => platform.name);
  return [...(role === 'gateway' ? [] : [mailboxPart]), ...(role === 'worker' ? [] : names)];
}

/** Who is heard beside platforms is not what the bridge is for: they do without. */
export function dispensableOf(config: Config): string[] {
  const heard = heardOf(config);
  const besides = heard.filter(({ platform }) => platform.isOff);
  return besides.length < heard.length ? besides.map(({ platform }) => platform.name) : [];
}

interface FactsOptions {
  readonly config: Config;
  readonly coze: CozeConfig;
  /** Parts that never became ready. */
  readonly ended: readonly string[];
}

/** What the log says with `ready`. */
export function factsOf({ config, coze, ended }: FactsOptions) {
  const { role, redisUrl, platforms } = config;
  const store = redisUrl ? 'redis' : 'embedded';
  const named = role === 'worker' ? platforms : heardOf({ platforms });
  const names = named.map(({ platform }) => platform.name).filter((name) => !ended.includes(name));
  return { role, store, platforms: names, coze: coze.baseUrl, ...proxiesOf(coze, platforms) };
}

/** Which leg goes through which proxy, if any does. */
function proxiesOf(coze: CozeConfig, platforms: readonly EnabledPlatform[]) {
  const legs = [
    { name: 'coze', proxy: coze.proxy },
    ...platforms.map(({ platform: { name }, proxy }) => ({ name, proxy })),
  ];
  const told = legs.flatMap(({ name, proxy }) => (proxy ? [[name, nameOf(proxy)]] : []));
  return told.length > 0 && { proxies: Object.fromEntries(told) };
}

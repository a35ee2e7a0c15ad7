import type { Platform } from '../adapters/platform.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const ourPrefix = /^(COZE|DISCORD|TELEGRAM|SERVER)_/;

/** Variables that look like ours but do nothing: most often they are misspelt. */
export function oddities(
  env: Environment,
  names: readonly string[],
  platforms: readonly Platform[],
): string[] {
  const known = new Set([...names, ...platforms.flatMap(({ env }) => Object.keys(env.shape))]);
  const ours = Object.keys(env).filter((name) => ourPrefix.test(name));
  const unknown = ours.filter((name) => !known.has(name)).map((name) => `${name}: unknown, and ignored`);
  const idle = platforms.flatMap(({ enabledBy, env: { shape } }) =>
    enabledBy && !env[enabledBy]
      ? ours.filter((name) => name in shape).map((name) => `${name}: ignored without ${enabledBy}`)
      : [],
  );
  return [...unknown, ...idle];
}

/** A shorter one is none, and its letters may stand anywhere. */
const shortestSecret = 6;

/** The values that must never be seen in a log. A misspelt name may hold a secret too. */
export function secretsIn(env: Environment): string[] {
  const isSecret = (name: string) =>
    name === 'USER_ID_SALT' || (ourPrefix.test(name) && /TOKEN|SECRET|KEY/.test(name));
  const named = Object.entries(env).flatMap(([name, value]) => (isSecret(name) ? (value ?? []) : []));
  return [...named, ...passwordsIn(env.REDIS_URL ?? '')].filter((secret) => secret.length >= shortestSecret);
}

/** As it stands in the address, and as it is sent. */
function passwordsIn(url: string): string[] {
  if (!URL.canParse(url)) return [];
  const { password } = new URL(url);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

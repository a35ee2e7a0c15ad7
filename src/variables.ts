import type { Platform } from '../adapters/platform.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const ourPrefix = /^(COZE|DISCORD|TELEGRAM|SERVER)_/;

/** A variable set to nothing, as in a copied `.env.example`, is one that is not set. */
export function withoutBlanks(environment: Environment): Environment {
  const trimmed = Object.entries(environment).map(([name, value]) => [name, value?.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value));
}

/** Variables that look like ours but do nothing: most often they are misspelt. */
export function oddities(
  env: Environment,
  names: readonly string[],
  platforms: readonly Platform[],
): string[] {
  const known = [...names, ...platforms.flatMap(namesOf)];
  const given = Object.keys(env);
  const unknown = given
    .filter((name) => !known.includes(name))
    .flatMap((name) => suspicion(name, known) ?? []);
  const idle = platforms.flatMap((platform) => {
    const { enabledBy } = platform;
    if (!enabledBy || env[enabledBy]) return [];
    const its = namesOf(platform);
    return given.filter((name) => its.includes(name)).map((name) => `${name}: ignored without ${enabledBy}`);
  });
  return [...unknown, ...idle];
}

function namesOf({ env, leg }: Platform): string[] {
  return [...Object.keys(env.shape), ...(leg ? [leg.proxy] : [])];
}

function suspicion(name: string, known: readonly string[]): string | undefined {
  const meant = known.find((other) => other.length > shortestName && isSlip(name, other));
  if (meant) return `${name}: unknown, and ignored; is it ${meant}?`;
  return ourPrefix.test(name) ? `${name}: unknown, and ignored` : undefined;
}

/** Shorter ones are like too many others. */
const shortestName = 5;

/** Whether the two are the same but for one letter too many, too few, or another, two in the wrong order, or a word left out. */
function isSlip(one: string, other: string): boolean {
  return isNearly(one, other) || isSwapped(one, other) || withoutOneWord(other).includes(one);
}

function isSwapped(one: string, other: string): boolean {
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  return one.slice(0, at) + one[at + 1] + one[at] + one.slice(at + 2) === other;
}

function withoutOneWord(name: string): string[] {
  const words = name.split('_');
  return words.length < 3 ? [] : words.map((_, at) => words.toSpliced(at, 1).join('_'));
}

function isNearly(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  return short.slice(short.length === long.length ? at + 1 : at) === long.slice(at + 1);
}

/** A shorter one is none, and its letters may stand anywhere. */
const shortestSecret = 6;

/** The values that must never be seen in a log. A misspelt name may hold a secret too. */
export function secretsIn(env: Environment): string[] {
  const isSecret = (name: string) =>
    name === 'USER_ID_SALT' || (ourPrefix.test(name) && /TOKEN|SECRET|KEY/.test(name));
  const isAddress = (name: string) => name === 'REDIS_URL' || /prox/i.test(name);
  const valuesOf = (is: (name: string) => boolean) =>
    Object.entries(env).flatMap(([name, value]) => (is(name) ? (value ?? []) : []));
  // Of several keys each is one.
  const keys = valuesOf(isSecret).flatMap((value) => value.split(/\s*,\s*/));
  const secrets = [...keys, ...valuesOf(isAddress).flatMap(passwordsIn)];
  return secrets.filter((secret) => secret.length >= shortestSecret);
}

/** As it stands in the address, and as it is sent. A proxy's address may lack its beginning. */
function passwordsIn(address: string): string[] {
  const url = address.includes('://') ? address : `http://${address}`;
  if (!URL.canParse(url)) return [];
  const { password } = new URL(url);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

import type { Environment } from '../variables.ts';

/** Where a proxy is, and how it is spoken to. */
export interface ProxyAddress {
  readonly kind: 'http' | 'https' | 'socks';
  readonly host: string;
  readonly port: number;
  /** Empty where there is none. */
  readonly user: string;
  readonly password: string;
}

/** One of the ways out of here: to Coze, or to a platform. */
export interface Leg {
  /** The variable that names a proxy for this leg alone. */
  readonly variable: string;
  /** The address that is called; undefined where that is a mistake itself. */
  readonly server: string | undefined;
}

/** For all legs, the first one that is set; most programs take both spellings. */
const general = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'] as const;

/**
 * The proxy of a leg: its own, or else the general one, from which NO_PROXY may exempt it. Undefined: straight on.
 * Throws an Error that names the variable and says what to write, without repeating what was given.
 */
export function proxyOf({ variable, server }: Leg, env: Environment): ProxyAddress | undefined {
  const name = env[variable] ? variable : general.find((name) => env[name]);
  if (name === undefined) return undefined;
  if (name !== variable && isExempt(server, env.NO_PROXY ?? env.no_proxy ?? '')) return undefined;
  return parse(name, env[name] ?? '');
}

/** What a log may say of it. */
export function nameOf({ host, port }: ProxyAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const kinds: Partial<Record<string, ProxyAddress['kind']>> = {
  'http:': 'http',
  'https:': 'https',
  'socks:': 'socks',
  'socks5:': 'socks',
  'socks5h:': 'socks',
};
const usualPorts = { http: 80, https: 443, socks: 1080 };

function parse(name: string, given: string): ProxyAddress | undefined {
  if (/^off$/i.test(given)) return undefined;
  const address = addressIn(given);
  if (address) return address;
  throw new Error(
    `${name}: must look like http://127.0.0.1:7890 or socks5://user:password@127.0.0.1:1080 (in a password, @ : / # are written %40 %3A %2F %23), or be off`,
  );
}

function addressIn(given: string): ProxyAddress | undefined {
  // A word alone (`true`, `none`) is no host.
  const text = /^[^/]*:\d+\/?$/.test(given) ? `http://${given}` : given;
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname, search, hash, username, password } = new URL(text);
  const kind = kinds[protocol];
  if (!kind || !hostname || search || hash || pathname.length > 1) return undefined;
  const [user, word] = [decoded(username), decoded(password)];
  if (user === undefined || word === undefined) return undefined;
  // That is all that SOCKS5 has room for.
  if (kind === 'socks' && [user, word].some((text) => Buffer.byteLength(text) > 255)) return undefined;
  const host = hostname.replace(/^\[|\]$/g, '');
  return { kind, host, port: Number(port) || usualPorts[kind], user, password: word };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** By the usual forms of NO_PROXY: `*`, a host, a host and all below it with or without a dot before, any with a port. */
function isExempt(server: string | undefined, list: string): boolean {
  if (server === undefined) return false;
  const { protocol, hostname, port } = new URL(server);
  const host = hostname.replace(/^\[|\]$/g, '');
  const at = port || (protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      const [, place = entry, onlyAt = at] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
      const domain = place.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
      return onlyAt === at && (domain === '*' || host === domain || host.endsWith(`.${domain}`));
    });
}

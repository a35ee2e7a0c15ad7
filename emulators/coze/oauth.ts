import { randomBytes } from 'node:crypto';
import type { Call, Reply } from './call.ts';
import { type Fields, isFields } from './fields.ts';
import { type Jwt, readJwt } from './jwt.ts';

/** An app that logs in by itself. */
export interface EmulatedApp {
  readonly id: string;
  /** Its public keys, PEM, by their fingerprints. */
  readonly keys: Readonly<Record<string, string>>;
  /** Switched off by its owner. */
  readonly off?: boolean;
}

/** The two forms of an error where tokens are given out; which one comes when is unknown. */
export type OAuthErrorForm = 'error_code' | 'error';

export interface OAuthOptions {
  readonly apps: readonly EmulatedApp[];
  /** Who the JWT must be for. Default: `api.coze.cn`. */
  readonly audience?: string;
  /** How long a token lasts, whatever was asked for. */
  readonly lifeSeconds?: number;
  readonly errorForm?: OAuthErrorForm;
}

interface Issued {
  /** The app and the session: whoever has another one finds nothing of this one's. */
  readonly account: string;
  endsAt: number;
}

/** Coze says no where tokens are given out: without a `code`. */
class OAuthRefusal extends Error {
  override readonly name = 'OAuthRefusal';
  readonly error: string;
  readonly status: number;
  constructor(error: string, message: string, status: number) {
    super(message);
    this.error = error;
    this.status = status;
  }
}

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Gives out access tokens for JWTs, and knows them again while they last. Times are those of `now`, but for a JWT's own. */
export function createOAuth({ apps, audience = 'api.coze.cn', ...options }: OAuthOptions, now = Date.now) {
  const issued = new Map<string, Issued>();
  const used = new Set<unknown>();

  function appOf({ keyId, claims }: Jwt): EmulatedApp {
    const app = apps.find(({ id }) => id === claims.iss);
    if (!app?.keys[keyId]) throw refusedClient('iss is not the app that the key belongs to');
    if (app.off) throw new OAuthRefusal('access_deny', 'app is currently deactivated by the owner', 403);
    return app;
  }

  function checkClaims({ aud, iat, exp, jti }: Fields): void {
    // The official SDKs date a JWT by the clock on the wall.
    const second = Date.now() / 1_000;
    if (aud !== audience) throw refusedClient('aud is invalid');
    if (typeof iat !== 'number' || iat > second + 60) throw refusedClient('iat is invalid');
    if (typeof exp !== 'number' || exp < second || exp > iat + 3_600) throw refusedClient('exp is invalid');
    if (typeof jti !== 'string' || jti === '' || used.has(jti)) throw refusedClient('jti is invalid');
    used.add(jti);
  }

  function grant(call: Call): Reply {
    const duration = durationOf(call.body);
    const jwt = verified(call);
    const app = appOf(jwt);
    checkClaims(jwt.claims);
    const session = jwt.claims.session_name ?? '';
    if (typeof session !== 'string') throw badRequest('session_name');
    const endsAt = Math.floor(now() / 1_000) + (options.lifeSeconds ?? duration);
    const token = `czs_${randomBytes(32).toString('base64url').replace(/\W/g, 'x')}`;
    issued.set(token, { account: `${app.id}/${session}`, endsAt: endsAt * 1_000 });
    return { bare: { access_token: token, expires_in: endsAt, token_type: 'Bearer' }, status: 200 };
  }

  function verified({ headers }: Call): Jwt {
    const text = /^bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1];
    if (!text) throw refusedClient('it is empty');
    try {
      return readJwt(text, (keyId) => apps.find(({ keys }) => keys[keyId])?.keys[keyId]);
    } catch (error) {
      throw new OAuthRefusal('invalid_client', error instanceof Error ? error.message : '', 401);
    }
  }

  return {
    /** `POST /api/permission/oauth2/token` */
    giveToken(call: Call): Reply {
      try {
        return grant(call);
      } catch (error) {
        if (!(error instanceof OAuthRefusal)) throw error;
        const { status, message } = error;
        return { bare: oauthError(error.error, message, options.errorForm), status };
      }
    },
    /** Whose token this is, if it is one that still lasts. */
    accountOf(token: string): string | undefined {
      const found = issued.get(token);
      return found && found.endsAt > now() ? found.account : undefined;
    },
    /** From now on nobody is let in with the tokens that have been given out. */
    revoke(): void {
      issued.clear();
    },
  };
}

export function oauthError(error: string, message: string, form: OAuthErrorForm = 'error_code'): object {
  return form === 'error'
    ? { error, error_description: message }
    : { error_code: error, error_message: message };
}

function durationOf(body: unknown): number {
  if (!isFields(body)) throw badRequest('body');
  const { grant_type, duration_seconds: duration = 900 } = body;
  if (grant_type !== grantType)
    throw new OAuthRefusal('unsupported_grant_type', `not supported grant type: ${grant_type}`, 400);
  const fits = typeof duration === 'number' && Number.isInteger(duration) && duration >= 1;
  if (!fits || duration > 86_399) throw badRequest('duration_seconds');
  return duration;
}

const refusedClient = (what: string) => new OAuthRefusal('invalid_client', `invalid jwt: ${what}`, 401);

const badRequest = (what: string) => new OAuthRefusal('invalid_request', `invalid request: ${what}`, 400);

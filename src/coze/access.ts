import type { Clock } from '../core/ports/world.ts';
import { normaliseBaseUrl } from './base-url.ts';
import { fetchGrant, type OAuthApp } from './grant.ts';
import type { Agents } from './http.ts';
import { type CozeLimits, usualLimits } from './limits.ts';
import { createOAuthTokens } from './oauth.ts';
import { oneToken } from './tokens.ts';
import type { Access, Line } from './wire.ts';

export interface AccessSettings {
  /** An access token, or the app that gets them. */
  readonly token: string | OAuthApp;
  readonly baseUrl: string;
  readonly limits?: Partial<CozeLimits>;
  readonly clock: Clock;
  readonly agents?: Agents | undefined;
}

/** The way to Coze, for each session. With an access token there is only one. */
export function openAccess(settings: AccessSettings): (session?: string) => Access {
  const { token, clock, agents } = settings;
  const baseUrl = normaliseBaseUrl(settings.baseUrl);
  const line: Line = { baseUrl, clock, limits: { ...usualLimits, ...settings.limits }, agents };
  const tokensOf =
    typeof token === 'string'
      ? () => oneToken(token)
      : createOAuthTokens(clock, (session) => fetchGrant(line, token, session));
  return (session) => ({ ...line, tokens: tokensOf(session) });
}

import type { AuthorizedCall, Call, Handler, Reply } from './call.ts';
import type { Dialect } from './dialect.ts';
import type { createOAuth } from './oauth.ts';
import { Refusal } from './refusal.ts';

/** Methods and a path, `:id` standing for anything but a slash. */
type Route = readonly [methods: string, path: string, handler: Handler];

/** What Coze says to a token it does not take. The three forms were seen; which one comes when is unknown. */
export type BadTokenForm = '401' | '200' | '700012006';

export interface RouterOptions {
  readonly routes: readonly Route[];
  readonly dialect: Dialect;
  readonly tokens: readonly string[] | undefined;
  readonly badToken: BadTokenForm;
  readonly oauth: OAuth | undefined;
}

type OAuth = ReturnType<typeof createOAuth>;

const tokenPath = '/api/permission/oauth2/token';

/** Finds who answers a call, and lets nobody in without a token. Throws refusals. */
export function createRouter({ routes, dialect, tokens, badToken, oauth }: RouterOptions) {
  const patterns = routes.map(([methods, path, handler]) => ({
    methods: methods.split(' '),
    pattern: new RegExp(`^${path.replace(':id', '([^/]+)')}$`),
    handler,
  }));

  function authorize(call: Call): string {
    const token = dialect.bearer.exec(call.headers.authorization ?? '')?.[1];
    const account = token && oauth?.accountOf(token);
    if (account) return account;
    if (token && (tokens ? tokens.includes(token) : !oauth)) return token;
    if (badToken === '700012006') throw new Refusal(700012006, 'access token invalid');
    throw new Refusal(4100, 'authentication is invalid', badToken === '401' ? 401 : 200);
  }

  return (call: Call): Reply => {
    if (oauth && call.method === 'POST' && call.path === tokenPath) return oauth.giveToken(call);
    for (const { methods, pattern, handler } of patterns) {
      const match = methods.includes(call.method) ? pattern.exec(call.path) : null;
      if (!match) continue;
      const authorized: AuthorizedCall = { ...call, account: authorize(call), param: match[1] ?? '' };
      return handler(authorized);
    }
    throw new Refusal(4200, `The requested resource was not found: ${call.method} ${call.path}`, 404);
  };
}

import { readFileSync } from 'node:fs';
import type { OAuthApp } from './coze/grant.ts';
import { readPrivateKey } from './private-key.ts';
import type { Environment } from './variables.ts';

/** An OAuth app, and who is one user to Coze: everybody, or each for themselves. */
export interface OAuthCredentials extends OAuthApp {
  readonly sessions: 'shared' | 'per-user';
}

/** What lets us in at Coze, in one of two ways. */
export interface Credentials {
  /** Undefined where it is missing or wrong. */
  readonly token: string | OAuthCredentials | undefined;
  readonly mistakes: readonly string[];
  readonly warnings: readonly string[];
  /** What must not be seen in a log, besides the variables. */
  readonly secrets: readonly string[];
}

const appNames = ['COZE_OAUTH_APP_ID', 'COZE_OAUTH_KEY_ID'] as const;
const keyNames = ['COZE_OAUTH_PRIVATE_KEY', 'COZE_OAUTH_PRIVATE_KEY_FILE'] as const;
const sessionName = 'COZE_OAUTH_SESSION';

export const credentialNames: readonly string[] = ['COZE_API_TOKEN', ...appNames, ...keyNames, sessionName];

/** The two ways to be let in: an access token, or an OAuth app. Every mistake in either is named. */
export function readCredentials(env: Environment): Credentials {
  const { COZE_API_TOKEN: token } = env;
  const given = [...appNames, ...keyNames].filter((name) => env[name]);
  const tokenMistakes = token ? mistakesOfToken(token) : [];
  if (given.length === 0) {
    if (!token) tokenMistakes.push(requiredToken);
    const warnings = env[sessionName] ? [`${sessionName}: ignored without an OAuth app`] : [];
    return { token, mistakes: tokenMistakes, warnings, secrets: [] };
  }
  const both = token ? [`COZE_API_TOKEN: set either this or the OAuth app (${given.join(', ')})`] : [];
  const app = readApp(env);
  return { ...app, mistakes: [...both, ...tokenMistakes, ...app.mistakes] };
}

const requiredToken =
  'COZE_API_TOKEN: required: make a personal or service access token at Coze (扣子) with the permissions named in ' +
  'the README, and set it; or set up an OAuth app';

function mistakesOfToken(token: string): string[] {
  const mistakes = [];
  if (!/^[\x21-\x7e]*$/.test(token))
    mistakes.push('must be the token alone, one word without spaces, and without "Bearer"');
  if (!/^[^"'`]*[^."'`]$/.test(token))
    mistakes.push('must be the whole token, without quotation marks and dots at its end');
  return mistakes.map((mistake) => `COZE_API_TOKEN: ${mistake}`);
}

const whereFound = {
  COZE_OAUTH_APP_ID: "the app's id in Coze's list of OAuth apps",
  COZE_OAUTH_KEY_ID: 'the fingerprint of the public key in the settings of the app',
};

function readApp(env: Environment): Credentials {
  const mistakes = appNames.flatMap((name) => {
    const found = whereFound[name];
    if (!env[name]) return `${name}: required for an OAuth app: ${found}`;
    return /^[\w.-]+$/.test(env[name]) ? [] : `${name}: must be one word: ${found}`;
  });
  const { COZE_OAUTH_APP_ID: appId = '', COZE_OAUTH_KEY_ID: keyId = '' } = env;
  const { COZE_OAUTH_SESSION: sessions = 'shared' } = env;
  let privateKey = '';
  try {
    privateKey = keyOf(env);
  } catch (error) {
    mistakes.push(error instanceof Error ? error.message : String(error));
  }
  // The log writes line breaks in its own way, and finds a key line by line.
  const secrets = privateKey.split('\n').filter((line) => line && !line.startsWith('-'));
  if (sessions === 'shared' || sessions === 'per-user')
    return { token: { appId, keyId, privateKey, sessions }, mistakes, warnings: [], secrets };
  mistakes.push(`${sessionName}: must be shared or per-user`);
  return { token: undefined, mistakes, warnings: [], secrets };
}

/** Throws an Error that says what to do about which variable. */
function keyOf(env: Environment): string {
  const [inline, inFile] = keyNames;
  const { [inline]: key, [inFile]: path } = env;
  if (key && path) throw new Error(`${inline}: set either this or ${inFile}`);
  if (!key && !path) throw new Error(`${inline}: required for an OAuth app, or ${inFile}`);
  try {
    return readPrivateKey(key ?? readFile(path ?? ''));
  } catch (error) {
    throw new Error(`${key ? inline : inFile}: ${error instanceof Error ? error.message : error}`);
  }
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as { code?: string };
    throw new Error(`cannot be read (${code}): name a file that this user may read`);
  }
}

import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { readCredentials } from '../src/credentials.ts';
import { readPrivateKey } from '../src/private-key.ts';
import { createApp, createKeys } from './support/oauth-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'credentials-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const { appId, keyId, privateKey } = createApp().ours;
const app = { COZE_OAUTH_APP_ID: appId, COZE_OAUTH_KEY_ID: keyId };
const withKey = { ...app, COZE_OAUTH_PRIVATE_KEY: privateKey };
const mistakes = (env: Record<string, string>) => readCredentials(env).mistakes;
const named = (env: Record<string, string>) => mistakes(env).map((mistake) => mistake.split(':')[0]);

describe('an OAuth app', () => {
  test('is its two ids and a private key', () => {
    expect(readCredentials(withKey)).toMatchObject({
      token: { appId, keyId, privateKey, sessions: 'shared' },
      mistakes: [],
      warnings: [],
    });
  });

  test('may have its key in a file', () => {
    const env = { ...app, COZE_OAUTH_PRIVATE_KEY_FILE: file('key.pem', privateKey) };
    expect(readCredentials(env)).toEqual(readCredentials(withKey));
  });

  test('may keep people apart', () => {
    expect(readCredentials({ ...withKey, COZE_OAUTH_SESSION: 'per-user' }).token).toMatchObject({
      sessions: 'per-user',
    });
    expect(named({ ...withKey, COZE_OAUTH_SESSION: 'mine' })).toEqual(['COZE_OAUTH_SESSION']);
  });

  test('without all its parts names each that is missing', () => {
    expect(named({ COZE_OAUTH_APP_ID: appId })).toEqual(['COZE_OAUTH_KEY_ID', 'COZE_OAUTH_PRIVATE_KEY']);
    expect(named({ COZE_OAUTH_KEY_ID: keyId })).toEqual(['COZE_OAUTH_APP_ID', 'COZE_OAUTH_PRIVATE_KEY']);
    expect(named({ COZE_OAUTH_PRIVATE_KEY: privateKey })).toEqual(['COZE_OAUTH_APP_ID', 'COZE_OAUTH_KEY_ID']);
  });

  test('beside a token is one too many, and its own mistakes are named as well', () => {
    expect(named({ ...withKey, COZE_API_TOKEN: 'pat_0123456789' })).toEqual(['COZE_API_TOKEN']);
    expect(named({ COZE_API_TOKEN: 'pat 01', COZE_OAUTH_APP_ID: 'a b' })).toEqual([
      'COZE_API_TOKEN',
      'COZE_API_TOKEN',
      'COZE_OAUTH_APP_ID',
      'COZE_OAUTH_KEY_ID',
      'COZE_OAUTH_PRIVATE_KEY',
    ]);
  });

  test('has one key, not two', () => {
    expect(mistakes({ ...withKey, COZE_OAUTH_PRIVATE_KEY_FILE: 'key.pem' })).toEqual([
      'COZE_OAUTH_PRIVATE_KEY: set either this or COZE_OAUTH_PRIVATE_KEY_FILE',
    ]);
  });

  test.each([
    [
      'that is not there',
      join(folder, 'none.pem'),
      /^COZE_OAUTH_PRIVATE_KEY_FILE: cannot be read \(ENOENT\)/,
    ],
    ['that is a folder', folder, /cannot be read \(EISDIR\)/],
    ['without a key in it', file('empty.pem', ''), /^COZE_OAUTH_PRIVATE_KEY_FILE: must be the whole/],
  ])('with a file %s says so', (_, path, words) => {
    const env = { ...app, COZE_OAUTH_PRIVATE_KEY_FILE: path };
    expect(mistakes(env)).toEqual([expect.stringMatching(words)]);
    expect(mistakes(env).join()).not.toContain(folder);
  });

  test('has a key id that is not the key', () => {
    const { publicKey } = createKeys();
    expect(mistakes({ ...withKey, COZE_OAUTH_KEY_ID: publicKey })).toEqual([
      expect.stringMatching(/^COZE_OAUTH_KEY_ID: must be one word: the fingerprint/),
    ]);
  });
});

test('COZE_OAUTH_SESSION says nothing about a token', () => {
  const env = { COZE_API_TOKEN: 'pat_0123456789', COZE_OAUTH_SESSION: 'per-user' };
  expect(readCredentials(env)).toMatchObject({
    token: 'pat_0123456789',
    mistakes: [],
    warnings: ['COZE_OAUTH_SESSION: ignored without an OAuth app'],
  });
  expect(named({ COZE_OAUTH_SESSION: 'per-user' })).toEqual(['COZE_API_TOKEN']);
});

test('any of the names is more than nothing, so there is no demo', () => {
  for (const name of ['COZE_OAUTH_APP_ID', 'COZE_OAUTH_SESSION', 'COZE_OAUTH_PRIVATE_KEY_FILE'])
    expect(() => readConfig({ [name]: 'shared' }, [])).toThrow(/COZE_BOT_ID/);
});

describe('a configuration with an OAuth app', () => {
  const read = (env: Record<string, string>) => readConfig({ COZE_BOT_ID: '73', ...env }, []);

  test('is that app, and nothing about it is odd', () => {
    const { coze, warnings } = read({ ...withKey, COZE_OAUTH_SESSION: 'shared' });
    expect(coze?.token).toMatchObject({ appId, keyId });
    expect(warnings).toEqual([]);
    expect(read({ ...withKey, COZE_OAUTH_KEYID: 'x' }).warnings).toEqual([
      'COZE_OAUTH_KEYID: unknown, and ignored; is it COZE_OAUTH_KEY_ID?',
    ]);
  });

  test('says what does nothing', () => {
    const env = { COZE_API_TOKEN: 'pat_0123456789', COZE_OAUTH_SESSION: 'per-user' };
    expect(read(env).warnings).toEqual(['COZE_OAUTH_SESSION: ignored without an OAuth app']);
  });

  test.each([
    ['a variable', withKey],
    ['a file', { ...app, COZE_OAUTH_PRIVATE_KEY_FILE: file('secret.pem', privateKey) }],
  ])('keeps each line of a key from %s out of the log', (_, env) => {
    const { secrets } = read(env);
    const lines = privateKey.trim().split('\n').slice(1, -1);
    expect(secrets).toEqual(expect.arrayContaining(lines));
    expect(secrets.filter((secret) => /^-----|^\s*$/.test(secret) && !secret.includes('\n'))).toEqual([]);
  });
});

describe('a private key', () => {
  const escaped = privateKey.replaceAll('\n', '\\n');
  test.each([
    ['with line breaks written as \\n', escaped],
    ['in quotes', `"${escaped}"`],
    ['in single quotes', `'${privateKey}'`],
    ['with the line breaks of Windows', privateKey.replaceAll('\n', '\r\n')],
    ['with those written out', privateKey.replaceAll('\n', '\\r\\n')],
    ['on one line', privateKey.replaceAll('\n', ' ')],
    ['with something before it', `Bag Attributes\n  localKeyID: 01\n${privateKey}`],
  ])('%s is read', (_, given) => {
    expect(readPrivateKey(given)).toBe(privateKey);
  });

  const rsa = (type: 'pkcs1' | 'pkcs8', more = {}) =>
    generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type, format: 'pem', ...more });

  test('may be PKCS#1', () => {
    const pem = String(rsa('pkcs1'));
    expect(pem).toMatch(/^-----BEGIN RSA PRIVATE KEY/);
    expect(readPrivateKey(pem)).toBe(pem);
  });

  const pass = { cipher: 'aes-256-cbc', passphrase: 'secret' };
  const other = (type: 'ed25519') =>
    generateKeyPairSync(type).privateKey.export({ type: 'pkcs8', format: 'pem' });
  test.each([
    ['a path', 'private_key.pem', /whole of a PEM private key/],
    ['half a key', privateKey.slice(0, 900), /whole of a PEM private key/],
    ['a key with a hole', privateKey.slice(0, 900) + privateKey.slice(964), /damaged/],
    ['the public key', createKeys().publicKey, /something else/],
    ['a key of another kind', other('ed25519'), /RSA/],
    ['a key in another form', privateKey.replaceAll(' PRIVATE', ' OPENSSH PRIVATE'), /damaged, or of a kind/],
    ['a key under a passphrase', rsa('pkcs8', pass), /passphrase/],
    ['an older key under a passphrase', rsa('pkcs1', pass), /passphrase/],
    ['a short key', createKeys(1_024).privateKey, /2,048 bits/],
  ])('%s is none', (_, given, words) => {
    expect(() => readPrivateKey(String(given))).toThrow(words);
  });

  test('is never repeated', () => {
    for (const given of ['SECRETsecret', privateKey.replace('A', '!')]) {
      const said = mistakes({ ...app, COZE_OAUTH_PRIVATE_KEY: given }).join();
      expect(said).toMatch(/COZE_OAUTH_PRIVATE_KEY/);
      expect(said).not.toMatch(/SECRET|MII/);
    }
  });
});

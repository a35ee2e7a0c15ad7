import { generateKeyPairSync } from 'node:crypto';
import type { EmulatedApp } from '../../emulators/coze/oauth.ts';
import type { OAuthApp } from '../../src/coze/grant.ts';

const pem = { format: 'pem' } as const;

/** A pair of keys as Coze makes them. */
export function createKeys(modulusLength = 2_048) {
  return generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', ...pem },
    privateKeyEncoding: { type: 'pkcs8', ...pem },
  });
}

/** An OAuth app, as Coze knows it and as its owner does. */
export function createApp(): { readonly atCoze: EmulatedApp; readonly ours: OAuthApp } {
  const { publicKey, privateKey } = createKeys();
  const appId = '1127900106117';
  const keyId = '_v0VjcMlLdQc3tRTD3jC5Xz29TUnKQOhtuD5k-gpyf4';
  return { atCoze: { id: appId, keys: { [keyId]: publicKey } }, ours: { appId, keyId, privateKey } };
}

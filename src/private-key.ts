import { createPrivateKey, type KeyObject } from 'node:crypto';

/**
 * An RSA key for signing, as PEM in its usual form, from what variables and copying make of that: quotes around it, line
 * breaks written as `\n` or turned into spaces. Throws an Error that says what is wrong, without repeating what was given.
 */
export function readPrivateKey(given: string): string {
  const text = given.replace(/\\r|\r/g, '').replaceAll('\\n', '\n');
  const [, label, body = ''] = /-----BEGIN ([A-Z ]+)-----(.+)-----END \1-----/s.exec(text) ?? [];
  if (!label)
    throw new Error('must be the whole of a PEM private key: -----BEGIN PRIVATE KEY----- and so on');
  if (!label.includes('PRIVATE KEY')) throw new Error('must be the private key, and this is something else');
  if (`${label}${body}`.includes('ENCRYPTED')) throw new Error('must have no passphrase');
  const pem = `-----BEGIN ${label}-----\n${body.trim().replace(/\s+/g, '\n')}\n-----END ${label}-----\n`;
  const { asymmetricKeyType, asymmetricKeyDetails } = parse(pem);
  if (asymmetricKeyType !== 'rsa') throw new Error('must be an RSA key: Coze makes one for you');
  // The SDK's library for JWTs does not sign with less.
  if ((asymmetricKeyDetails?.modulusLength ?? 0) < 2_048) throw new Error('must have at least 2,048 bits');
  return pem;
}

function parse(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error('is damaged, or of a kind that Coze does not know: copy the file that Coze made, whole');
  }
}

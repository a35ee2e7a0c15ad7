import { createPublicKey, verify } from 'node:crypto';
import { type Fields, isFields } from './fields.ts';

/** What a JWT says, once its signature has been checked. */
export interface Jwt {
  readonly keyId: string;
  readonly claims: Fields;
}

/** Reads a JWT that was signed by RS256 with the key that `keyOf` knows by its id. Throws an Error in Coze's manner. */
export function readJwt(text: string, keyOf: (keyId: string) => string | undefined): Jwt {
  const [head = '', body = '', signature = ''] = text.split('.');
  const { alg, typ = 'JWT', kid } = parse(head);
  if (alg !== 'RS256' || typ !== 'JWT') throw new Error('invalid jwt: alg must be RS256');
  const keyId = typeof kid === 'string' ? kid : '';
  const key = keyOf(keyId);
  // As Coze spells it.
  if (!key) throw new Error('invalid jwt: kid not been registred');
  const signed = Buffer.from(`${head}.${body}`);
  if (!verify('RSA-SHA256', signed, createPublicKey(key), Buffer.from(signature, 'base64url')))
    throw new Error('invalid jwt: signature is invalid');
  return { keyId, claims: parse(body) };
}

function parse(part: string): Fields {
  try {
    const json: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    if (isFields(json)) return json;
  } catch {
    // Told below.
  }
  throw new Error('invalid jwt: it cannot be read');
}

import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** Whose sessions they are where no keys are asked for. */
const anybody = 'anybody';

/** Tells who calls by the header `Authorization`; throws 401 when nobody of ours does. Takes as long for every wrong key. */
export function createKeys(
  keys: readonly string[],
): (headers: { readonly authorization?: string | undefined }) => string {
  const digests = keys.map(digestOf);
  return ({ authorization }) => {
    if (digests.length === 0) return anybody;
    const [, given] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    if (given === undefined)
      throw new Refusal(401, 'Send one of SERVER_API_KEYS: "Authorization: Bearer KEY".');
    const digest = digestOf(given);
    const found = digests.filter((known) => timingSafeEqual(known, digest));
    if (found.length === 0) throw new Refusal(401, 'This key is not among SERVER_API_KEYS.');
    return digest.toString('base64url').slice(0, 22);
  };
}

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

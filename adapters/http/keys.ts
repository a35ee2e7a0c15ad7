import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** Whose sessions they are where no keys are asked for. */
const anybody = 'anybody';

const challenge = { 'www-authenticate': 'Bearer realm="coze-bridge"' };

interface Headers {
  readonly authorization?: string | undefined;
}

export interface Keys {
  /** Tells who calls; throws 401 when nobody of ours does. Takes as long for every wrong key. */
  ownerOf(headers: Headers): string;
  /** Throws 401 as well, and 403 when it is not the owner of the bridge who calls: theirs is the first key. */
  letOperate(headers: Headers): void;
}

export function createKeys(keys: readonly string[]): Keys {
  const digests = keys.map(digestOf);

  /** Undefined where nobody needs a key. */
  function find({ authorization }: Headers): Buffer | undefined {
    if (digests.length === 0) return undefined;
    const [, given] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    if (given === undefined)
      throw new Refusal(401, 'Send one of SERVER_API_KEYS: "Authorization: Bearer KEY".', challenge);
    const digest = digestOf(given);
    const found = digests.filter((known) => timingSafeEqual(known, digest));
    if (found.length === 0) throw new Refusal(401, 'This key is not among SERVER_API_KEYS.', challenge);
    return digest;
  }

  return {
    ownerOf: (headers) => find(headers)?.toString('base64url').slice(0, 22) ?? anybody,
    letOperate(headers) {
      const digest = find(headers);
      if (digest && !digests[0]?.equals(digest))
        throw new Refusal(
          403,
          'This is for the owner of the bridge, whose key is the first of SERVER_API_KEYS.',
        );
    },
  };
}

const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();

import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Part, ReplyTarget } from '../../src/core/message.ts';

/** As many characters as Discord takes. */
const length = 25;

/**
 * The same for every attempt to post this message of the answer, in this process or the next: Discord then gives the
 * first one back instead of making a second. It does so for some minutes.
 */
export function nonceOf({ bot, channel }: ReplyTarget, key: string | undefined): string {
  if (key === undefined) return freshNonce();
  const post = JSON.stringify([bot, channel, key]);
  return createHash('sha256').update(post).digest('base64url').slice(0, length);
}

export const freshNonce = (): string => randomUUID().replaceAll('-', '').slice(0, length);

const formatShape = z.object({ nth: z.int() });

/** Which message of an answer a part is, as `render` has noted it. */
export const nthOf = ({ format }: Part): number => formatShape.safeParse(format).data?.nth ?? 0;

import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ChatBody } from './shapes.ts';

/** https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header: who gets no reply may ask again. */
export const askHeaders = z.looseObject({
  'idempotency-key': z.string().min(1).max(255).optional().meta({
    description:
      'Any name for this question, such as a UUID. The same body with the same name is the same question, asked once: for an hour after its answer.',
  }),
});

export interface QuestionIds {
  readonly message: string;
  /** For a question that names no session. */
  readonly session: string;
}

/** The same for the same owner, key and body; without a key, new ones. */
export function idsFor(owner: string, key: string | undefined, body: ChatBody): QuestionIds {
  if (key === undefined) return { message: randomUUID(), session: randomUUID() };
  const idOf = (what: keyof QuestionIds) =>
    createHash('sha256')
      .update(JSON.stringify([what, owner, key, body]))
      .digest('base64url')
      .slice(0, 22);
  return { message: idOf('message'), session: idOf('session') };
}

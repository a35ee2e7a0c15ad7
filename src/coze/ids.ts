import { CozeFailed } from '../core/errors.ts';

/** Coze's ids are digits. The SDK puts them into addresses as they are, so nothing else may get there. */
export function requireId(id: string): string {
  if (/^\d+$/.test(id)) return id;
  throw new CozeFailed({ kind: 'gone', said: 'this cannot be an id of Coze', retryable: false });
}

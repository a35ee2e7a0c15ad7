import { CozeFailed } from '../core/errors.ts';

/** Where requests have their token from. */
export interface Tokens {
  /** Rejects with CozeFailed, or with the signal's reason. */
  take(signal?: AbortSignal): Promise<string>;
  /** Coze does not accept this one. Whether the next one taken may be another. */
  reject(token: string): boolean;
}

/** A token that was made by hand: there is no other. */
export function oneToken(token: string): Tokens {
  return { take: async () => token, reject: () => false };
}

/**
 * Whether a request that failed may do better with the next token: the one it had has expired, was taken back
 * (4100, 700012006, 401), or is older than a permission that it lacks (4101).
 */
export function isWorthAnother(tokens: Tokens, token: string, error: unknown): boolean {
  if (!(error instanceof CozeFailed)) return false;
  const { kind, code } = error.facts;
  return (kind === 'token' || code === 4101) && tokens.reject(token);
}

import { Refusal } from './refusal.ts';

export interface RateLimit {
  /** Calls of `/v3/chat` a second and account. Default: 20, as in the free plan. */
  readonly perSecond?: number;
  /** `code` (default): 200 and code 4013 in place of the stream. `http`: status 429. Neither is documented. */
  readonly form?: 'code' | 'http';
  readonly retryAfterSeconds?: number;
}

/** Counts the calls of the last second; throws when there are too many. */
export function createRateLimit({ perSecond = 20, form, retryAfterSeconds }: RateLimit, now: () => number) {
  const calls = new Map<string, number[]>();
  return (account: string): void => {
    const recent = (calls.get(account) ?? []).filter((at) => at > now() - 1_000);
    calls.set(account, recent);
    if (recent.length >= perSecond) {
      const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      throw new Refusal(4013, 'Model request rate limit exceeded', form === 'http' ? 429 : 200, headers);
    }
    recent.push(now());
  };
}

import type { Limit } from '../../src/core/ports/budget.ts';

/** What a reply says of the limit that has counted its call; undefined where it says nothing whole. */
export function limitOf(headers: { get(name: string): string | null }): Limit | undefined {
  const [calls, remaining, resetAfter] = ['limit', 'remaining', 'reset-after'].map((name) =>
    figure(headers.get(`x-ratelimit-${name}`)),
  );
  if (calls === undefined || remaining === undefined || resetAfter === undefined) return undefined;
  return { calls, remaining, resetAfterMs: Math.ceil(resetAfter * 1_000) };
}

const figure = (value: string | null): number | undefined =>
  value !== null && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;

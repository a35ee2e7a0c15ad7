/** Knows how long what there is to show has waited for a write: one write shows all there is when it begins. */
export function createDelay() {
  /** Since when the oldest of what no write has shown is there. */
  let since: number | undefined;
  let grownAt = Number.NEGATIVE_INFINITY;
  let mostMs: number | undefined;
  return {
    /** There is more to show. */
    grown(now: number): void {
      grownAt = now;
      since ??= now;
    },
    written(begunAt: number, now: number): void {
      if (since !== undefined) mostMs = Math.max(mostMs ?? 0, now - since);
      since = grownAt > begunAt ? begunAt : undefined;
    },
    /** The longest so far, in milliseconds. */
    get mostMs() {
      return mostMs;
    },
  };
}

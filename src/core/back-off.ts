/** How long to wait after so many failures before this one: twice as long each time. */
export function backOffMs(failures: number, longestMs: number, firstMs = 1_000): number {
  return Math.min(firstMs * 2 ** failures, longestMs);
}

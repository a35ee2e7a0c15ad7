/** A proxy may name any time. */
const longestSeconds = 60;

/**
 * After how many milliseconds it may be asked again what was refused so, as the bridge or a proxy before it may: the question
 * may have been heard all the same. Undefined: it does not pass by itself. Browsers run this too.
 */
export function passesInMs({ status, headers }: Pick<Response, 'status' | 'headers'>): number | undefined {
  const after = headers.get('retry-after');
  const passes = [429, 502, 504].includes(status) || (status === 503 && after !== null);
  // It may be a date: then whoever asks again takes a pause of their own.
  return passes ? Math.min(Number(after) || 0, longestSeconds) * 1_000 : undefined;
}

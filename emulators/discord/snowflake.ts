const discordEpochMs = 1_420_070_400_000;
const lowBits = 22n;

/** Makes ids as Discord does: the time in the high bits, so that a later id is a greater one. */
export function createSnowflakes(now: () => number): (atMs?: number) => string {
  let serial = 0n;
  return (atMs = now()) => {
    serial = (serial + 1n) % (1n << lowBits);
    return String((BigInt(Math.floor(atMs) - discordEpochMs) << lowBits) | serial);
  };
}

export const isSnowflake = (text: string) => /^\d{17,19}$/.test(text);

// Discord's ids count up: they begin with the time at which they were made.

const epochMs = 1_420_070_400_000;

/** When it was made, in milliseconds since 1970. */
export const madeAt = (id: string): number => Number(BigInt(id) >> 22n) + epochMs;

/** The first id of a millisecond. */
export const firstIdAt = (ms: number): string => String(BigInt(Math.max(0, Math.floor(ms) - epochMs)) << 22n);

export const isLater = (id: string, other: string): boolean => BigInt(id) > BigInt(other);

export const idBefore = (id: string): string => String(BigInt(id) > 0n ? BigInt(id) - 1n : 0n);

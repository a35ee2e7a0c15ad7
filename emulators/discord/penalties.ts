/** Remembers until when a bot was told to be silent, and where. */
export interface Penalties {
  add(key: string, untilMs: number): void;
  isOn(key: string, atMs: number): boolean;
}

export function createPenalties(): Penalties {
  const deadlines = new Map<string, number>();
  return {
    add: (key, untilMs) => deadlines.set(key, untilMs),
    isOn: (key, atMs) => atMs < (deadlines.get(key) ?? 0),
  };
}

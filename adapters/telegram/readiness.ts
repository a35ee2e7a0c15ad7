/** Tells whether Telegram is heard, each time that this changes. */
export interface Readiness {
  /** It hears, or stands by for when the process that hears ends. */
  begin(): void;
  /** What keeps it from hearing now; undefined for nothing. */
  hinder(reason: string | undefined): void;
}

export function createReadiness(
  onReady: () => void,
  onDeaf: (reason: string) => void = () => undefined,
): Readiness {
  let hasBegun = false;
  let hindrance: string | undefined;
  let told: string | undefined;

  function tell(): void {
    if (hindrance === undefined && !hasBegun) return;
    const next = hindrance ?? 'ready';
    if (told === next) return;
    told = next;
    if (hindrance === undefined) onReady();
    else onDeaf(hindrance);
  }

  return {
    begin() {
      hasBegun = true;
      tell();
    },
    hinder(reason) {
      hindrance = reason;
      tell();
    },
  };
}

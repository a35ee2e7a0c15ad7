import type { Clock } from '../core/ports/world.ts';

interface SilenceOptions {
  readonly clock: Clock;
  /** How long from now the other side may be silent. */
  readonly patienceMs: () => number;
  /** It was waited for so long, in vain. */
  readonly onTooLong: (ms: number) => void;
}

/** Watches how long the other side is waited for. */
export interface Silence {
  /** From now on it is waited for, until `over`. */
  begins(): void;
  over(): void;
  /** Nobody will wait any more. */
  end(): void;
}

/** A stream is waited for with each of its pieces: only when that much has passed is the alarm set again. */
const laxMs = 10_000;

export function createSilence({ clock, patienceMs, onTooLong }: SilenceOptions): Silence {
  let allowedMs = 0;
  let tooLongAt = Number.POSITIVE_INFINITY;
  let alarm: { readonly ms: number; readonly setAt: number; readonly off: AbortController } | undefined;

  function set(ms: number, setAt: number): void {
    alarm?.off.abort('off');
    const off = new AbortController();
    alarm = { ms, setAt, off };
    clock.sleep(ms, off.signal).then(ring, () => undefined);
  }

  function ring(): void {
    alarm = undefined;
    const now = clock.now();
    if (now >= tooLongAt) onTooLong(allowedMs);
    else if (tooLongAt < Number.POSITIVE_INFINITY) set(tooLongAt - now, now);
  }

  return {
    begins() {
      const now = clock.now();
      allowedMs = Math.max(patienceMs(), 0);
      tooLongAt = now + allowedMs;
      // An alarm that rings too early is set to the rest.
      if (alarm?.ms !== allowedMs || now - alarm.setAt >= laxMs) set(allowedMs, now);
    },
    over() {
      tooLongAt = Number.POSITIVE_INFINITY;
    },
    end() {
      tooLongAt = Number.POSITIVE_INFINITY;
      alarm?.off.abort('off');
      alarm = undefined;
    },
  };
}

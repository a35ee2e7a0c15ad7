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

export function createSilence({ clock, patienceMs, onTooLong }: SilenceOptions): Silence {
  let allowedMs = 0;
  let tooLongAt = Number.POSITIVE_INFINITY;
  /** A stream is waited for with each of its pieces: one alarm serves many. */
  let alarm: { readonly ms: number; readonly off: AbortController } | undefined;

  function set(ms: number): void {
    alarm?.off.abort('off');
    const off = new AbortController();
    alarm = { ms, off };
    clock.sleep(ms, off.signal).then(ring, () => undefined);
  }

  function ring(): void {
    alarm = undefined;
    const leftMs = tooLongAt - clock.now();
    if (leftMs <= 0) onTooLong(allowedMs);
    else if (leftMs < Number.POSITIVE_INFINITY) set(leftMs);
  }

  return {
    begins() {
      allowedMs = Math.max(patienceMs(), 0);
      tooLongAt = clock.now() + allowedMs;
      // An alarm that rings too early is set to the rest.
      if (alarm?.ms !== allowedMs) set(allowedMs);
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

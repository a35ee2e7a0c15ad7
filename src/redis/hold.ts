import { DeliveryLost } from '../core/errors.ts';

/** The time for which a lock may be taken for ours, also while Redis cannot be asked. */
export interface Hold {
  /** Aborts with DeliveryLost when somebody else may have the lock. */
  readonly lost: AbortSignal;
  /** Throws DeliveryLost when that time is over. A process that slept knows it here before any of its timers. */
  assert(): void;
  renew(): void;
  lose(): void;
  /** The lock is not needed any more. */
  end(): void;
}

export function createHold(lockMs: number): Hold {
  const controller = new AbortController();
  const lose = () => controller.abort(new DeliveryLost('another worker may have this message'));
  const expiry = setTimeout(lose, lockMs);
  let until = performance.now() + lockMs;
  return {
    lost: controller.signal,
    assert() {
      if (performance.now() > until) lose();
      controller.signal.throwIfAborted();
    },
    lose,
    renew() {
      until = performance.now() + lockMs;
      expiry.refresh();
    },
    end: () => clearTimeout(expiry),
  };
}

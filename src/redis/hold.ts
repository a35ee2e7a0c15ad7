import { DeliveryLost } from '../core/errors.ts';

/** The time for which a lock is surely ours, also while Redis cannot be asked. */
export interface Hold {
  /** Aborts with DeliveryLost when somebody else may have the lock. */
  readonly lost: AbortSignal;
  renew(): void;
  lose(): void;
  /** The lock is not needed any more. */
  end(): void;
}

export function createHold(lockMs: number): Hold {
  const controller = new AbortController();
  const lose = () => controller.abort(new DeliveryLost('another worker may have this message'));
  const expiry = setTimeout(lose, lockMs);
  return {
    lost: controller.signal,
    lose,
    renew: () => void expiry.refresh(),
    end: () => clearTimeout(expiry),
  };
}

import type { Log } from '../core/ports/world.ts';
import { reasonOf, unreachable } from './script.ts';

/** That Redis is away is told by its connections, once: what fails for that alone is told only to who debugs. */
export function logTrouble(log: Log, level: 'warn' | 'error', error: unknown, event: string): void {
  log[isOutage(error) ? 'debug' : level]({ reason: reasonOf(error) }, event);
}

export function isOutage(error: unknown): boolean {
  const reason = reasonOf(error);
  return reason.includes(unreachable) || /connection is closed|ECONN|isn't writeable/i.test(reason);
}

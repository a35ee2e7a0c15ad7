import type { Leases } from '../../../src/core/ports/store.ts';

/** Leases that can be lost, of which only one is given at a time. */
export function createFragileLeases() {
  let losing = new AbortController();
  const log: string[] = [];
  const leases: Leases = {
    async take() {
      losing = new AbortController();
      log.push('taken');
      return {
        lost: losing.signal,
        release: async () => void log.push('released'),
      };
    },
  };
  return { leases, log, lose: () => losing.abort(new Error('another process may have this lease')) };
}

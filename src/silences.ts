import type { Budget } from './core/ports/budget.ts';
import type { Log } from './core/ports/world.ts';

/** The same budget, and a line in the log for each silence that a platform asks for. */
export function tellOfSilences(budget: Budget, log: Log): Budget {
  return {
    ...budget,
    async block(place, silence) {
      const { retryAfterMs, scope, foreseen = false } = silence;
      const fields = { platform: place.platform, retryAfterMs, ...(scope && { scope }) };
      if (foreseen) log.debug(fields, 'a limit of the platform is kept');
      else log.warn(fields, 'the platform asks for silence: nothing is sent there before that is over');
      await budget.block(place, silence);
    },
  };
}

import { findCozeState } from './core/coze-state.ts';
import type { Health } from './core/health.ts';
import type { MailFigures } from './core/ports/figures.ts';
import type { Mailbox, Notes } from './core/ports/store.ts';
import type { Clock } from './core/ports/world.ts';
import type { Readiness } from './readiness.ts';

/** Who asks how we are gives up soon; the store may take longer to say that it is away. */
const patienceMs = 2_000;

/** A look costs the store one at every line that waits, and whoever reaches us may ask, as often as they like. */
const freshForMs = 1_000;

/**
 * What the mailbox holds, or held within the last second; undefined while the store is away, and where it takes longer than
 * two seconds. All who ask share one look.
 */
export function createLook(
  mailbox: Pick<Mailbox, 'figures'>,
  clock: Clock,
): () => Promise<MailFigures | undefined> {
  let last: { readonly figures: Promise<MailFigures | undefined>; endedAt?: number } | undefined;
  // Whatever becomes of the clock of the machine.
  const isFresh = (at: number) => Math.abs(clock.now() - at) < freshForMs;
  return () => {
    if (last && (last.endedAt === undefined || isFresh(last.endedAt))) return last.figures;
    const look: typeof last = { figures: inTime(mailbox.figures(), clock) };
    last = look;
    void look.figures.then(() => {
      look.endedAt = clock.now();
    });
    return look.figures;
  };
}

interface HealthOptions {
  readonly readiness: Pick<Readiness, 'states'>;
  readonly look: () => Promise<MailFigures | undefined>;
  readonly notes: Pick<Notes, 'find'>;
  readonly clock: Clock;
}

export function createHealth({ readiness, look, notes, clock }: HealthOptions): () => Promise<Health> {
  return async () => {
    const [figures, coze] = await Promise.all([look(), inTime(findCozeState(notes), clock)]);
    return { at: clock.now(), parts: readiness.states(), figures, coze };
  };
}

async function inTime<Answer>(asked: Promise<Answer>, clock: Clock): Promise<Answer | undefined> {
  const over = new AbortController();
  const tooLate = clock.sleep(patienceMs, over.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([asked.catch(() => undefined), tooLate]);
  } finally {
    over.abort();
  }
}

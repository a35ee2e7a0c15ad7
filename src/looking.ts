import type { Health } from '../adapters/platform.ts';
import type { MailFigures } from './core/ports/figures.ts';
import type { Mailbox } from './core/ports/store.ts';
import type { Clock } from './core/ports/world.ts';
import type { Readiness } from './readiness.ts';

/** Who asks how we are gives up soon; the store may take longer to say that it is away. */
const patienceMs = 2_000;

/** What the mailbox holds; undefined while the store is away, and where it takes longer than two seconds. */
export function createLook(
  mailbox: Pick<Mailbox, 'figures'>,
  clock: Clock,
): () => Promise<MailFigures | undefined> {
  return async () => {
    const over = new AbortController();
    const tooLate = clock.sleep(patienceMs, over.signal).then(
      () => undefined,
      () => undefined,
    );
    try {
      return await Promise.race([mailbox.figures().catch(() => undefined), tooLate]);
    } finally {
      over.abort();
    }
  };
}

export async function healthOf(
  readiness: Pick<Readiness, 'states'>,
  look: () => Promise<MailFigures | undefined>,
): Promise<Health> {
  const figures = await look();
  return { parts: readiness.states(), isStoreAway: figures === undefined, waiting: figures?.lines };
}

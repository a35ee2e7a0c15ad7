import { CozeFailed, Postponed, Unreachable } from './errors.ts';
import type { Notebook } from './notebook.ts';
import type { Away } from './ports/store.ts';
import type { Clock } from './ports/world.ts';

/** A turn waits so long for somebody who is away; then its attempts are counted. */
const awayForMs = 60 * 60 * 1_000;

const waitsMs = [1_000, 2_000, 4_000, 8_000, 15_000];

/** The reader need not be told of what is over within that time. */
const silentForMs = 10_000;

interface SitOutOptions {
  readonly notebook: Notebook;
  readonly clock: Clock;
  /** Tells the reader, once, that it takes longer: it is Coze that is away, and they can be reached. */
  readonly tell?: () => Promise<void>;
}

/**
 * What a failure means for the mailbox: that Coze or the platform cannot be reached is nobody's fault, least of all the
 * message's, so the turn is postponed, and no attempt counted. Every other failure is what it is.
 */
export async function sitOut(error: unknown, { notebook, clock, tell }: SitOutOptions): Promise<unknown> {
  if (!isAway(error)) return error;
  const now = clock.now();
  const { since, failures, isTold = false } = notebook.record.away ?? { since: now, failures: 0 };
  if (now - since > awayForMs) return error;
  const isDue = error instanceof CozeFailed && !isTold && failures > 0 && now - since >= silentForMs;
  const told = isDue && tell ? await tell().then(yes, no) : isTold;
  const away: Away = { since, failures: failures + 1, ...(told && { isTold: true }) };
  await notebook.away(away);
  const waitMs = waitsMs[Math.min(failures, waitsMs.length - 1)] ?? 0;
  const who = error instanceof CozeFailed ? 'coze away' : 'platform away';
  return new Postponed(waitMs, { outcome: who, cause: error, isNews: failures === 0 });
}

const yes = () => true;
const no = () => false;

function isAway(error: unknown): error is CozeFailed | Unreachable {
  return error instanceof Unreachable || (error instanceof CozeFailed && error.facts.isAway === true);
}

import type { CozeFailureFacts } from './errors.ts';
import type { Notes } from './ports/store.ts';
import type { Log } from './ports/world.ts';
import type { AttemptEnd, Heard } from './turn-report.ts';

const troubles = ['token', 'config', 'quota', 'busy', 'away'] as const;

/** Why Coze would answer the next question no better than the last one. */
export type CozeTrouble = (typeof troubles)[number];

/** How the last question has found Coze, whichever process has put it. */
export interface CozeState {
  readonly trouble?: CozeTrouble | undefined;
  /** When the question was put that was the first to find it well, or the first to find it in trouble. */
  readonly since: number;
}

const book = 'coze';
const name = 'state';

/** Undefined when no question was put yet. Rejects while the store is away. */
export async function findCozeState(notes: Pick<Notes, 'find'>): Promise<CozeState | undefined> {
  const noted = await notes.find(book, name);
  return noted === undefined ? undefined : (JSON.parse(noted) as CozeState);
}

interface WatchOptions {
  readonly notes: Pick<Notes, 'find' | 'keep'>;
  readonly log: Pick<Log, 'debug'>;
}

/**
 * Notes what attempts find out about Coze, for every process, where it is not noted yet. Nobody waits for that, and what
 * cannot be noted is left to the next question: there is one note on its way at a time, whatever the number of questions.
 */
export function watchCoze({ notes, log }: WatchOptions): (end: AttemptEnd) => void {
  let next: Heard | undefined;
  let isNoting = false;

  async function noteAll(): Promise<void> {
    isNoting = true;
    while (next) {
      const heard = next;
      next = undefined;
      await note(heard).catch((error: unknown) => log.debug({ err: error }, 'how Coze is was not noted'));
    }
    isNoting = false;
  }

  async function note(heard: Heard): Promise<void> {
    const news = newsIn(heard, await findCozeState(notes));
    if (news) await notes.keep(book, name, JSON.stringify(news));
  }

  return ({ heard }) => {
    if (!heard || (next && next.askedAt > heard.askedAt)) return;
    next = heard;
    if (!isNoting) void noteAll();
  };
}

/** What there is to note of it: nothing that is known, and nothing that a later question has found otherwise. */
function newsIn({ askedAt, failure }: Heard, noted: CozeState | undefined): CozeState | undefined {
  const trouble = failure && troubleIn(failure);
  if (!noted) return { trouble, since: askedAt };
  if (noted.since > askedAt || noted.trouble === trouble) return undefined;
  return { trouble, since: noted.trouble && trouble ? noted.since : askedAt };
}

/** Every other failure is one of this question, conversation or answer. */
function troubleIn({ kind, isAway }: CozeFailureFacts): CozeTrouble | undefined {
  return isAway ? 'away' : troubles.find((trouble) => trouble === kind);
}

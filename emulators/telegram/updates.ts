import type { Update } from 'grammy/types';
import { conflict } from './refusal.ts';

type UpdateKind = Exclude<keyof Update, 'update_id'>;

interface PollRequest {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutSeconds: number;
}

/** What waits for one bot until it has confirmed it. */
export interface UpdateQueue {
  push<K extends UpdateKind>(kind: K, content: Update[K]): void;
  /** Which kinds are queued from now on; an empty list means the default ones. */
  allow(kinds: readonly string[]): void;
  allowed(): readonly string[];
  /** Answers at once if there is something, else waits; a poll that was waiting before it is refused. */
  poll(request: PollRequest, signal: AbortSignal): Promise<Update[]>;
  /** Refuses the poll that waits, if any. */
  interrupt(reason: string): void;
  clear(): void;
  /** How many wait. */
  pending(): number;
  /** What waits, in order. */
  waiting(): readonly Update[];
  /** This one need not be given again. */
  confirm(updateId: number): void;
}

interface Waiting {
  wake(): void;
  refuse(reason: string): void;
}

const onlyWhenAsked = ['chat_member', 'message_reaction', 'message_reaction_count'];
const keptMs = 24 * 60 * 60 * 1000;
/** A button press cannot be answered later than this, so it is not kept longer either. */
export const callbackLifeMs = 150 * 1000;

export interface UpdateQueueOptions {
  readonly now: () => number;
  /** How long one second of a long poll takes. */
  readonly pollSecondMs: number;
  /** Called when something has come. */
  readonly onPush: () => void;
}

export function createUpdateQueue({ now, pollSecondMs, onPush }: UpdateQueueOptions): UpdateQueue {
  let queue: { readonly update: Update; readonly expiresAt: number }[] = [];
  let nextId = 870_000_001;
  let allowed: readonly string[] = [];
  let waiting: Waiting | undefined;
  let previous: { readonly offset: number; readonly at: number } | undefined;

  function forget(offset: number) {
    queue = queue.filter(({ expiresAt }) => expiresAt > now());
    if (offset < 0) queue = queue.slice(offset);
    else queue = queue.filter(({ update }) => update.update_id >= offset);
  }

  const batch = (limit: number) => queue.slice(0, limit).map(({ update }) => update);

  // The server slows down a bot that asks for the same again and again.
  function slowedDown({ offset, limit, timeoutSeconds }: PollRequest): PollRequest {
    const sinceMs = previous?.offset === offset ? now() - previous.at : Number.POSITIVE_INFINITY;
    previous = { offset, at: now() };
    return {
      offset,
      limit: sinceMs < 500 ? 1 : limit,
      timeoutSeconds: sinceMs < 3000 ? Math.max(3, timeoutSeconds) : timeoutSeconds,
    };
  }

  function wait({ limit, timeoutSeconds }: PollRequest, signal: AbortSignal): Promise<Update[]> {
    return new Promise((resolve, reject) => {
      const settle = (answer: () => void) => {
        clearTimeout(timer);
        if (waiting === mine) waiting = undefined;
        answer();
      };
      const mine: Waiting = {
        wake: () => settle(() => resolve(batch(limit))),
        refuse: (reason) => settle(() => reject(conflict(reason))),
      };
      const timer = setTimeout(mine.wake, timeoutSeconds * pollSecondMs);
      signal.addEventListener('abort', () => settle(() => resolve([])), { once: true });
      waiting = mine;
    });
  }

  return {
    push(kind, content) {
      const wanted = allowed.length === 0 ? !onlyWhenAsked.includes(kind) : allowed.includes(kind);
      if (!wanted) return;
      const expiresAt = now() + (kind === 'callback_query' ? callbackLifeMs : keptMs);
      queue.push({ update: { update_id: nextId++, [kind]: content }, expiresAt });
      waiting?.wake();
      onPush();
    },
    allow(kinds) {
      allowed = kinds;
    },
    allowed: () => allowed,
    async poll(asked, signal) {
      waiting?.refuse(
        'terminated by other getUpdates request; make sure that only one bot instance is running',
      );
      const request = slowedDown(asked);
      forget(request.offset);
      const ready = batch(request.limit);
      if (ready.length > 0 || request.timeoutSeconds === 0 || signal.aborted) return ready;
      return wait(request, signal);
    },
    interrupt: (reason) => waiting?.refuse(reason),
    clear() {
      queue = [];
    },
    pending: () => queue.length,
    waiting: () => queue.filter(({ expiresAt }) => expiresAt > now()).map(({ update }) => update),
    confirm(updateId) {
      queue = queue.filter(({ update }) => update.update_id !== updateId);
    },
  };
}

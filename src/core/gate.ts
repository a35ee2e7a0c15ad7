import { createBell } from './bell.ts';
import { CozeFailed } from './errors.ts';
import { type Call, createIntake } from './intake.ts';
import type { Clock, Log } from './ports/world.ts';

/** What all questions of this process go through on their way to Coze. */
export interface Gate {
  /**
   * Asks when it is this one's turn, and again, before all who came later, when Coze's limit refuses it. `taken` tells that
   * Coze has taken it. Rejects as `ask` does; with the refusal, when nobody's question was taken for a minute; and, while
   * it waits, with the signal's reason.
   */
  pass<T>(ask: (taken: () => void) => Promise<T>, signal: AbortSignal): Promise<T>;
}

interface Place {
  readonly ticket: number;
  go(call: Call): void;
  fail(error: unknown): void;
}

const never = new AbortController().signal;

/** Each process has its own: what others send shows by what is refused here. */
export function createGate({ clock, log }: { readonly clock: Clock; readonly log: Pick<Log, 'warn'> }): Gate {
  const intake = createIntake();
  const bell = createBell(clock);
  /** By their tickets. */
  let line: Place[] = [];
  let tickets = 0;
  let isOpen = false;

  async function letThrough(): Promise<void> {
    if (isOpen) return;
    isOpen = true;
    while (line.length > 0) {
      const waitMs = intake.waitMs(clock.now());
      if (waitMs > 0) await bell.wait(waitMs, never);
      else line.shift()?.go(intake.sent(clock.now()));
    }
    isOpen = false;
  }

  function enter(ticket: number, signal: AbortSignal): Promise<Call> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const leave = (): void => {
        line = line.filter((other) => other !== place);
        reject(signal.reason);
      };
      const stay = (): void => signal.removeEventListener('abort', leave);
      const place: Place = {
        ticket,
        go(call) {
          stay();
          resolve(call);
        },
        fail(error) {
          stay();
          reject(error);
        },
      };
      signal.addEventListener('abort', leave);
      line.splice(line.findLastIndex((other) => other.ticket < ticket) + 1, 0, place);
      void letThrough();
    });
  }

  function refused(call: Call, { facts }: CozeFailed): void {
    const { isLimited } = intake;
    const now = clock.now();
    intake.refused(call, now, facts.retryAfterMs);
    if (!isLimited) log.warn({ code: facts.code, said: facts.said }, 'Coze takes no more questions at once');
  }

  /** There is no use in trying each of them. */
  function failAll(error: unknown): void {
    const all = line;
    line = [];
    for (const place of all) place.fail(error);
  }

  return {
    async pass(ask, signal) {
      tickets += 1;
      const ticket = tickets;
      for (;;) {
        const call = await enter(ticket, signal);
        try {
          return await ask(() => {
            intake.taken(call, clock.now());
            bell.ring();
          });
        } catch (error) {
          if (!(error instanceof CozeFailed) || !error.facts.isLimit) throw error;
          refused(call, error);
          if (intake.isVain(clock.now())) {
            failAll(error);
            throw error;
          }
        } finally {
          intake.ended(call);
          bell.ring();
        }
      }
    },
  };
}

import { createBell } from './bell.ts';
import { CozeFailed } from './errors.ts';
import { createGateLine } from './gate-line.ts';
import { type Call, createIntake } from './intake.ts';
import type { Clock, Log } from './ports/world.ts';

/** What all questions of this process go through on their way to Coze. */
export interface Gate {
  /**
   * Asks when it is this one's turn, and again, before all who came later, when Coze's limit refuses it: behind them, when
   * that was its third time. `taken` tells that Coze has taken it. Rejects as `ask` does; with the refusal, when nobody's
   * question was taken for a minute, or when it was refused ten times and others were taken; and, while it waits, with the
   * signal's reason.
   */
  pass<T>(ask: (taken: () => void, hasWaited: boolean) => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** A limit may be one that only this question breaks: of its length, say, or of its author's. Then it is alone with that. */
const refusalsInFront = 3;
const mostRefusals = 10;

const never = new AbortController().signal;

/** Each process has its own: what others send shows by what is refused here. */
export function createGate({ clock, log }: { readonly clock: Clock; readonly log: Pick<Log, 'warn'> }): Gate {
  const intake = createIntake();
  const bell = createBell(clock);
  const line = createGateLine();
  let tickets = 0;
  let isOpen = false;
  let takenCount = 0;

  async function letThrough(): Promise<void> {
    if (isOpen) return;
    isOpen = true;
    while (!line.isEmpty) {
      const waitMs = intake.waitMs(clock.now());
      if (waitMs > 0) await bell.wait(waitMs, never);
      else line.letGo(intake.sent(clock.now()));
    }
    isOpen = false;
  }

  function enter(ticket: number, signal: AbortSignal): Promise<Call> {
    const entered = line.enter(ticket, signal);
    void letThrough();
    return entered;
  }

  function refused(call: Call, { facts }: CozeFailed): void {
    const { isLimited } = intake;
    const now = clock.now();
    intake.refused(call, now, facts.retryAfterMs);
    if (!isLimited) log.warn({ code: facts.code, said: facts.said }, 'Coze takes no more questions at once');
  }

  return {
    async pass(ask, signal) {
      tickets += 1;
      let ticket = tickets;
      const cameAt = clock.now();
      const takenBefore = takenCount;
      for (let refusals = 1; ; refusals++) {
        const call = await enter(ticket, signal);
        const taken = (): void => {
          takenCount += 1;
          intake.taken(call, clock.now());
          bell.ring();
        };
        try {
          return await ask(taken, call.sentAt > cameAt);
        } catch (error) {
          if (!(error instanceof CozeFailed) || !error.facts.isLimit) throw error;
          refused(call, error);
          if (refusals >= mostRefusals && takenCount > takenBefore) throw error;
          if (refusals >= refusalsInFront) {
            tickets += 1;
            ticket = tickets;
          }
          if (intake.isVain(clock.now())) {
            // There is no use in trying each of them.
            line.failAll(error);
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

import { createBell } from './bell.ts';
import { MessageGone } from './errors.ts';
import type { MessageRef, ReplyTarget } from './message.ts';
import { createPatience } from './patience.ts';
import { type Budget, placeOf } from './ports/budget.ts';
import type { Sender } from './ports/platform.ts';
import type { Clock } from './ports/world.ts';
import { createRhythm } from './rhythm.ts';
import { createScreen, type Write } from './screen.ts';
import { createSheet } from './sheet.ts';

export interface LiveReplyOptions {
  readonly sender: Sender;
  readonly target: ReplyTarget;
  /** No other reply has it; the same reply has it at each attempt. */
  readonly key: string;
  readonly clock: Clock;
  readonly budget: Budget;
  /** What an earlier attempt has posted already: it is written over. */
  readonly posted?: readonly MessageRef[];
  /** Called after each post with all messages of the reply, before anything else is written. */
  readonly onPosted?: (refs: readonly MessageRef[]) => Promise<void>;
  /** Aborted: write nothing more. */
  readonly signal: AbortSignal;
  /** Called right before each write; throws when it must not happen. */
  readonly assertHeld?: () => void;
}

/** An answer that grows on the reader's screen. */
export interface LiveReply {
  /** Says what the answer is so far; it is painted as the pace allows. Throws what made painting impossible. */
  show(text: string): void;
  /** Resolves when the screen equals `text`. Rejects with TargetGone, Unreachable, or the signal's reason. */
  finish(text: string): Promise<void>;
  /** Resolves when nothing is written any more: after `finish`, or after the signal and the write under way. */
  ended(): Promise<void>;
  /** When the first text was on the screen, by the clock. */
  readonly firstPaintAt: number | undefined;
  /** How many calls have painted it. */
  readonly writes: number;
}

const atFirst = {
  text: '',
  since: undefined as number | undefined,
  final: false,
  muted: false,
  /** The loop sleeps until there is something new; otherwise it sleeps until its time, and no delta wakes it. */
  attentive: true,
};

/**
 * Reconciles what is shown with what should be: renders the text so far, finds the first message that
 * differs, writes it when the pace allows, and again until the screen equals the text.
 */
export function createLiveReply(options: LiveReplyOptions): LiveReply {
  const { sender, target, key, clock, budget, signal, assertHeld, ...rest } = options;
  const sheet = createSheet(sender);
  const screen = createScreen({ sender, target, key, ...rest });
  const pace = sender.pace(target);
  const drawing = { place: placeOf(target, pace), pace, budget, clock, answer: key, signal };
  const rhythm = createRhythm(drawing);
  const bell = createBell(clock);
  const patience = createPatience(drawing);
  const state = { ...atFirst };
  let painting: Promise<void> | undefined;
  let broken: { readonly error: unknown } | undefined;

  async function paint(): Promise<void> {
    // Rendering takes long: after the first difference nothing is rendered before it may be written.
    let due: Write | undefined;
    for (;;) {
      signal.throwIfAborted();
      due ??= difference();
      if (!due && state.final) return;
      state.attentive = !due || screen.isEmpty;
      const wanted = due && { ...state, first: screen.isEmpty, next: due.isNew };
      const waitMs = wanted ? await rhythm.waitFor(wanted) : Number.POSITIVE_INFINITY;
      if (waitMs > 0) await bell.wait(waitMs, signal);
      else {
        signal.throwIfAborted();
        due = undefined;
        await attempt(difference());
      }
    }
  }

  function difference(): Write | undefined {
    if (!state.final && (state.muted || state.text.trim() === '')) return undefined;
    return screen.difference(sheet.parts(state.text), state.final);
  }

  async function attempt(write: Write | undefined): Promise<void> {
    if (!write) return;
    try {
      assertHeld?.();
      await screen.write(write);
      rhythm.written();
      patience.restored();
    } catch (error) {
      if (error instanceof MessageGone && screen.deleted(write.index)) {
        // They deleted it on purpose: the final text is owed to them, previews are not.
        state.muted = true;
      } else await patience.bear(error);
    }
  }

  function wake(): void {
    painting ??= paint().catch(giveUp).finally(rhythm.end);
    bell.ring();
  }

  function giveUp(error: unknown): void {
    broken = { error };
  }

  return {
    show(text) {
      if (broken) throw broken.error;
      // Only until there is something to see: reading the whole text at each delta takes longer than all else.
      if (state.since === undefined && text.trim() === '') return;
      state.text = text;
      state.since ??= clock.now();
      if (state.attentive) wake();
    },
    async finish(text) {
      Object.assign(state, { text, final: true });
      wake();
      await painting;
      if (broken) throw broken.error;
    },
    ended: async () => painting,
    get firstPaintAt() {
      return rhythm.firstPaintAt;
    },
    get writes() {
      return rhythm.writes;
    },
  };
}

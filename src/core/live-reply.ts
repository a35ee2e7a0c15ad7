import { createDraftScreen } from './draft-screen.ts';
import type { Button, MessageRef } from './message.ts';
import { createPainter } from './painter.ts';
import { createPicture } from './picture.ts';
import { type Budget, placeOf } from './ports/budget.ts';
import type { Pace } from './ports/platform.ts';
import { createRhythm } from './rhythm.ts';
import { createScreen, type Screen, type ScreenOptions } from './screen.ts';
import { createSheet, type Tail } from './sheet.ts';

export interface LiveReplyOptions extends ScreenOptions {
  readonly budget: Budget;
  /** Stands under it while it grows. */
  readonly button?: Button;
  /** So many messages it may have; a tail's overflow stands for the rest. */
  readonly longest?: number;
  /** The final is waited for however long that takes; without it, one that must wait long is postponed. */
  readonly isPatient?: boolean;
  /** Nothing can be painted any more. */
  readonly onBroken?: (error: unknown) => void;
  /** Aborted: write nothing more. */
  readonly signal: AbortSignal;
  /** Called right before each write; throws when it must not happen. */
  readonly assertHeld?: () => void;
}

/** An answer that grows on the reader's screen. */
export interface LiveReply {
  /** Says what the answer is so far; it is painted as the pace allows. Throws what made painting impossible. */
  show(text: string): void;
  /** Resolves when the screen equals `text`. Rejects with Postponed, TargetGone, Unreachable, or the signal's reason. */
  finish(text: string, tail?: Tail): Promise<void>;
  /** Resolves when nothing is written any more: after `finish`, or after the signal and the write under way. */
  ended(): Promise<void>;
  /** The messages it has come to, each with what it shows. */
  readonly refs: readonly MessageRef[];
  /** It has all the messages that it may have: what comes now is not shown before the end. */
  readonly isFull: boolean;
  /** When the first text was on the screen, by the clock. */
  readonly firstPaintAt: number | undefined;
  /** The longest, in milliseconds, that a piece of the text has waited to be shown. */
  readonly mostBehindMs: number | undefined;
  /** How many calls have painted it. */
  readonly writes: number;
}

/**
 * Reconciles what is shown with what should be: renders the text so far, finds the first message that
 * differs, writes it when the pace allows, and again until the screen equals the text.
 */
export function createLiveReply(options: LiveReplyOptions): LiveReply {
  const { sender, target, key, clock, budget, button, longest = Number.POSITIVE_INFINITY } = options;
  const pace = sender.pace(target);
  const place = placeOf(target, pace);
  const screen = openScreen(options, pace);
  const sheet = createSheet({ sender, longest });
  const picture = createPicture({ sheet, screen, button });
  const rhythm = createRhythm({ place, pace, budget, clock, answer: key });
  const painter = createPainter({ ...options, place, pace, screen, picture, rhythm });
  let painting: Promise<void> | undefined;
  let broken: { readonly error: unknown } | undefined;

  function wake(): void {
    painting ??= painter
      .paint()
      .catch((error: unknown) => {
        broken = { error };
        options.onBroken?.(error);
      })
      .finally(() => budget.leave(place, key).catch(() => undefined));
    painter.wake();
  }

  return {
    show(text) {
      if (broken) throw broken.error;
      // Only until there is something to see: reading the whole text at each delta takes longer than all else.
      if (picture.since === undefined && text.trim() === '') return;
      const now = clock.now();
      picture.grow(text, now);
      rhythm.grown(now);
      if (painter.isAttentive) wake();
    },
    async finish(text, tail = {}) {
      picture.complete(text, tail);
      rhythm.grown(clock.now());
      wake();
      await painting;
      if (broken) throw broken.error;
    },
    ended: async () => painting,
    get refs() {
      return screen.refs;
    },
    get isFull() {
      return sheet.isFull;
    },
    get firstPaintAt() {
      return rhythm.firstPaintAt;
    },
    get mostBehindMs() {
      return rhythm.mostBehindMs;
    },
    get writes() {
      return rhythm.writes;
    },
  };
}

function openScreen(options: LiveReplyOptions, { draft }: Pace): Screen {
  if (!draft || !options.sender.showDraft) return createScreen(options);
  return createDraftScreen({ ...options, keepEveryMs: draft.keepEveryMs });
}

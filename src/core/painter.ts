import { createBell } from './bell.ts';
import { DeliveryLost, MessageGone, Postponed, RateLimited, Unreachable } from './errors.ts';
import { createPatience } from './patience.ts';
import type { Picture } from './picture.ts';
import type { Budget, Place } from './ports/budget.ts';
import type { Pace } from './ports/platform.ts';
import type { Clock } from './ports/world.ts';
import type { Rhythm } from './rhythm.ts';
import type { Screen, Write } from './screen.ts';

interface PainterOptions {
  readonly place: Place;
  readonly picture: Picture;
  readonly screen: Screen;
  readonly rhythm: Rhythm;
  readonly budget: Budget;
  readonly pace: Pick<Pace, 'minIntervalMs'>;
  readonly clock: Clock;
  readonly isPatient?: boolean;
  readonly signal: AbortSignal;
  readonly assertHeld?: () => void;
}

/** Brings a picture onto a screen. */
export interface Painter {
  /** Resolves when the screen equals the final text. Called once. */
  paint(): Promise<void>;
  /** There is something new. */
  wake(): void;
  /** It sleeps until there is something new; otherwise it sleeps until its time, and need not be woken. */
  readonly isAttentive: boolean;
}

/** No worker waits longer than this with a final: whoever can write then finishes it. */
export const longestWaitMs = 10_000;

/** A text of which nothing more can be seen than before is looked at no more often: that means to render it. */
const mostLookEveryMs = 250;

export function createPainter(options: PainterOptions): Painter {
  const { picture, screen, rhythm, clock, isPatient, signal, assertHeld } = options;
  const lookEveryMs = Math.min(mostLookEveryMs, options.pace.minIntervalMs);
  const bell = createBell(clock);
  const patience = createPatience({ ...options, pause: (ms) => bell.wait(ms, signal) });
  let isAttentive = true;
  /** The text was whole when the last difference was looked for: it may have become so since. */
  let wasFinal = false;

  function difference(): Write | undefined {
    wasFinal = picture.isFinal;
    return picture.difference();
  }

  async function paint(): Promise<void> {
    let write = difference();
    for (;;) {
      // What is whole on the screen has landed, whatever was wished meanwhile.
      if (!write && wasFinal) return;
      signal.throwIfAborted();
      write = write ? await wait(write) : await look();
    }
  }

  /** Waits for something to write. */
  async function look(): Promise<Write | undefined> {
    const nextAt = clock.now() + lookEveryMs;
    const staysMs = screen.staysMs;
    isAttentive = true;
    await bell.wait(staysMs > 0 ? staysMs : Number.POSITIVE_INFINITY, signal);
    isAttentive = false;
    const leftMs = nextAt - clock.now();
    if (leftMs > 0 && !picture.isFinal) await bell.wait(leftMs, signal);
    return difference();
  }

  /** Waits until it may be written, and writes what is wanted by then; gives what is to be written next. */
  async function wait(write: Write): Promise<Write | undefined> {
    const { isFinal } = picture;
    const waitMs = await timeFor(write);
    isAttentive = screen.isEmpty && !rhythm.isRefused;
    if (waitMs > 0) {
      await bell.wait(waitMs, signal);
      // Rendering takes long: what is newest is looked at when it may be written.
      return picture.isFinal ? difference() : write;
    }
    const next = difference();
    // What was drawn for may be wanted no more.
    if (next?.kind !== write.kind || picture.isFinal !== isFinal) return next;
    await attempt(next);
    return difference();
  }

  async function timeFor({ kind }: Write): Promise<number> {
    const { text, since, isFinal } = picture;
    const waitMs = await rhythm.waitFor({ text, since, kind, isFinal, isFirst: screen.isEmpty });
    if (isFinal && !isPatient && waitMs > longestWaitMs) throw new Postponed(waitMs);
    return waitMs;
  }

  async function attempt(write: Write): Promise<void> {
    try {
      signal.throwIfAborted();
      assertHeld?.();
      const begunAt = clock.now();
      await screen.write(write);
      rhythm.written(begunAt);
      patience.restored();
    } catch (error) {
      // They deleted it on purpose.
      if (error instanceof MessageGone && screen.deleted(write.index)) picture.mute();
      // Files may be forbidden where texts are not. If nothing can be sent there, the next text finds it out.
      else if (write.part?.file && !isPassing(error) && !signal.aborted) picture.forgoFile();
      else {
        isAttentive = false;
        await patience.bear(error, picture.isFinal);
      }
    }
  }

  return {
    paint,
    wake: () => bell.ring(),
    get isAttentive() {
      return isAttentive;
    },
  };
}

/** Says nothing of whether it can be sent at all. */
const isPassing = (error: unknown): boolean =>
  error instanceof RateLimited || error instanceof Unreachable || error instanceof DeliveryLost;

import { RateLimited } from './errors.ts';
import type { ReplyTarget } from './message.ts';
import { type Budget, placeOf } from './ports/budget.ts';
import type { Sender } from './ports/platform.ts';
import type { Clock } from './ports/world.ts';

interface TypingOptions {
  readonly sender: Sender;
  readonly target: ReplyTarget;
  /** The answer that is coming. */
  readonly answer: string;
  readonly clock: Clock;
  readonly budget: Budget;
}

/** Shows that an answer is coming until `signal` aborts. It never fails: a sign that is not seen is no loss. */
export async function keepTyping(
  { sender, target, answer, clock, budget }: TypingOptions,
  signal: AbortSignal,
): Promise<void> {
  const pace = sender.pace(target);
  const place = placeOf(target, pace);

  async function show(): Promise<void> {
    const waitMs = await budget.draw({ place, pace, purpose: 'typing', answer });
    if (waitMs > 0 || signal.aborted) return;
    await sender.showTyping?.(target).catch(async (error: unknown) => {
      if (error instanceof RateLimited) await budget.block(place, error);
    });
  }

  while (sender.showTyping && !signal.aborted) {
    await show().catch(() => undefined);
    await clock.sleep(pace.typingEveryMs, signal).catch(() => undefined);
  }
}

import { RateLimited } from './errors.ts';
import type { ReplyTarget } from './message.ts';
import { type Budget, placeOf } from './ports/budget.ts';
import type { Sender } from './ports/platform.ts';
import type { Clock } from './ports/world.ts';

interface TypingOptions {
  readonly sender: Sender;
  readonly target: ReplyTarget;
  readonly clock: Clock;
  readonly budget: Budget;
  /** The answer that is coming, by the name that it draws under. */
  readonly answer: string;
}

/** Shows that an answer is coming until `signal` aborts. It never fails: a sign that is not seen is no loss. */
export async function keepTyping(
  { sender, target, clock, budget, answer }: TypingOptions,
  signal: AbortSignal,
): Promise<void> {
  const pace = sender.pace(target);
  const place = placeOf(target, pace);

  async function show(): Promise<void> {
    if ((await budget.draw({ place, pace, purpose: 'typing', answer })) > 0 || signal.aborted) return;
    await sender.showTyping?.(target).catch((error: unknown) => {
      if (error instanceof RateLimited) return budget.block(place, error);
    });
  }

  while (sender.showTyping && !signal.aborted) {
    await show().catch(() => undefined);
    await clock.sleep(pace.typingEveryMs, signal).catch(() => undefined);
  }
}

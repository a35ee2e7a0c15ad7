import { RateLimited } from './errors.ts';
import type { ReplyTarget } from './message.ts';
import type { Paces } from './pacing.ts';
import type { Sender } from './ports/platform.ts';
import type { Clock } from './ports/world.ts';

interface TypingOptions {
  readonly sender: Sender;
  readonly target: ReplyTarget;
  readonly clock: Clock;
  readonly paces: Paces;
}

/** Shows that an answer is coming until `signal` aborts. It never fails: a sign that is not seen is no loss. */
export async function keepTyping(
  { sender, target, clock, paces }: TypingOptions,
  signal: AbortSignal,
): Promise<void> {
  const pace = sender.pace(target);
  while (sender.showTyping && !signal.aborted) {
    if (paces.request(target, pace, 'typing') === 0) {
      await sender.showTyping(target).catch((error: unknown) => {
        if (error instanceof RateLimited) paces.block(target, error);
      });
    }
    await clock.sleep(pace.typingEveryMs, signal).catch(() => undefined);
  }
}

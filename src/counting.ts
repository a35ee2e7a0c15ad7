import { RateLimited } from './core/errors.ts';
import type { Budget, Purpose } from './core/ports/budget.ts';
import type { Sender } from './core/ports/platform.ts';

/** What a sender calls its platform for. */
type Call = 'post' | 'edit' | 'remove' | 'buttons' | 'draft' | 'typing';

interface CallCounter {
  /** The platform has done it. */
  done(platform: string, call: Call): void;
  /** The platform has refused it: it was one too many. */
  refused(platform: string): void;
}

/** The same sender, with its calls counted. */
export function countCalls(sender: Sender, counter: CallCounter): Sender {
  const { platform, remove, clearButtons, showDraft, showTyping } = sender;

  function counted<Args extends readonly unknown[], Result>(
    call: Call,
    make: (...args: Args) => Promise<Result>,
  ) {
    return async (...args: Args): Promise<Result> => {
      try {
        const result = await make(...args);
        counter.done(platform, call);
        return result;
      } catch (error) {
        if (error instanceof RateLimited && !error.foreseen) counter.refused(platform);
        throw error;
      }
    };
  }

  return {
    ...sender,
    post: counted('post', sender.post),
    edit: counted('edit', sender.edit),
    ...(remove && { remove: counted('remove', remove) }),
    ...(clearButtons && { clearButtons: counted('buttons', clearButtons) }),
    ...(showDraft && { showDraft: counted('draft', showDraft) }),
    ...(showTyping && { showTyping: counted('typing', showTyping) }),
  };
}

/** The same budget; `refused` hears of what it does not grant. */
export function countRefusals(budget: Budget, refused: (platform: string, purpose: Purpose) => void): Budget {
  return {
    ...budget,
    async draw(draw) {
      const waitMs = await budget.draw(draw);
      if (waitMs > 0) refused(draw.place.platform, draw.purpose);
      return waitMs;
    },
  };
}

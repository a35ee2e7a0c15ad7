import type { InboundMessage } from '../../src/core/message.ts';
import type { Notes } from '../../src/core/ports/store.ts';
import { isSupergroup } from './traces.ts';
import type { Move } from './update.ts';

/**
 * Remembers which groups became supergroups, which is told once: their conversations go on under the old name.
 * Rejects as the store does.
 */
export function createMoves(notes: Pick<Notes, 'keep' | 'find'>, bot: string) {
  const book = `telegram:${bot}:moves`;
  return {
    keep: ({ from, to }: Move): Promise<void> => notes.keep(book, String(to), String(from)),

    async follow(message: InboundMessage): Promise<InboundMessage> {
      const { target } = message;
      if (!isSupergroup(target.channel)) return message;
      const formerly = await notes.find(book, target.channel);
      return formerly === undefined ? message : { ...message, target: { ...target, formerly } };
    },
  };
}

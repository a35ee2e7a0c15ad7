import type { Mailbox } from '../core/ports/store.ts';
import type { LetterTable } from './letter-table.ts';
import { createMailLoop, type MailLoop, type MailLoopOptions } from './mail-loop.ts';

interface MailboxOptions extends MailLoopOptions {
  readonly letters: LetterTable;
}

export function createMailbox(options: MailboxOptions): Mailbox {
  const { mail, lines, letters } = options;
  let loop: MailLoop | undefined;
  return {
    async put(key, message) {
      const result = lines.put(key, message);
      if (result !== 'seen') loop?.ring(key);
      return result;
    },
    async join(key, message) {
      const result = lines.join(key, message);
      if (result === 'joined') loop?.ring(key);
      return result !== 'apart';
    },
    amend: async (key, edited) => lines.amend(key, edited),
    withdraw: async (key, messageId) => lines.withdraw(key, messageId),
    keys: async () => lines.keys(),
    line: async (key) => lines.line(key),
    count: async (key) => lines.count(key),
    knows: async (messageId) => lines.knows(messageId),
    figures: async () => ({ ...lines.figures(), deadLetters: letters.count(), workers: loop ? 1 : 0 }),
    answered: async (key) => mail.answered(key),
    stop: async (key, messageId) => mail.stop(key, messageId),
    async work(handler, work) {
      if (loop) throw new Error('the mailbox is worked on already');
      loop = createMailLoop(handler, work, options);
      try {
        await loop.run();
      } finally {
        loop = undefined;
      }
    },
    deadLetters: async () => letters.all(),
    async replay(id) {
      const key = letters.replay(id);
      if (key !== undefined) loop?.ring(key);
      return key !== undefined;
    },
    purge: async (id) => letters.purge(id),
  };
}

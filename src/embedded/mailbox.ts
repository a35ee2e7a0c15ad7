import type { Mailbox } from '../core/ports/store.ts';
import { createMailLoop, type MailLoop, type MailLoopOptions } from './mail-loop.ts';

export function createMailbox(options: MailLoopOptions): Mailbox {
  const { mail } = options;
  let loop: MailLoop | undefined;
  return {
    async put(key, message) {
      const result = mail.put(key, message);
      if (result === 'stored') loop?.ring(key);
      return result;
    },
    async work(handler, work) {
      if (loop) throw new Error('the mailbox is worked on already');
      loop = createMailLoop(handler, work, options);
      try {
        await loop.run();
      } finally {
        loop = undefined;
      }
    },
    keys: async () => mail.keys(),
    first: async (key) => mail.first(key),
    stop: async (key, messageId) => mail.stop(key, messageId),
    deadLetters: async () => mail.deadLetters(),
  };
}

import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { Pace, Sender } from '../../src/core/ports/platform.ts';
import type { Conversation } from './conversation.ts';

/** Nobody limits us here; the interval only keeps the process from writing letter by letter. */
const pace: Pace = {
  refillPerSecond: 1_000,
  burst: 1_000,
  reserve: 0,
  minIntervalMs: 30,
  maxIntervalMs: 30,
  growth: 1,
  typingEveryMs: 1_000,
};

/** Output only grows: an edit prints what was added, or the whole text anew when it has become another one. */
export function createTerminalSender(output: Writable, conversation: Conversation): Sender {
  const printed = new Map<string, string>();

  return {
    platform: 'terminal',
    bot: 'terminal',
    render(markdown) {
      const text = markdown.trim();
      return { sealed: { parts: 0, offset: 0, carry: '' }, parts: text === '' ? [] : [{ text }] };
    },
    async post(target, { text }) {
      const id = target.replyTo ?? randomUUID();
      output.write(text);
      printed.set(id, text);
      return { target, id };
    },
    async edit({ id }, { text }) {
      const before = printed.get(id) ?? '';
      output.write(text.startsWith(before) ? text.slice(before.length) : `\n\n${text}`);
      printed.set(id, text);
    },
    end({ replyTo }) {
      output.write('\n');
      if (replyTo) printed.delete(replyTo);
      conversation.answered(replyTo);
    },
    pace: () => pace,
  };
}

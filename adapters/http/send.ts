import { Unreachable } from '../../src/core/errors.ts';
import type { ReplyTarget } from '../../src/core/message.ts';
import type { ReplyFeed } from '../../src/core/ports/feed.ts';
import type { Pace, Sender } from '../../src/core/ports/platform.ts';
import { name } from './name.ts';

const pace: Pace = {
  isFree: true,
  refillPerSecond: 1_000,
  burst: 1_000,
  reserve: 0,
  minIntervalMs: 0,
  maxIntervalMs: 0,
  growth: 1,
  typingEveryMs: 60_000,
};

/** Tells each answer on a feed of its own, wherever who asked is connected. */
export function createHttpSender(feed: ReplyFeed): Sender {
  /** What has been told on each feed by this process. */
  const told = new Map<string, string>();
  const nameOf = ({ replyTo = '' }: ReplyTarget) => replyTo;

  async function tell(target: ReplyTarget, text: string): Promise<void> {
    const answer = nameOf(target);
    const before = told.get(answer);
    if (before === text) return;
    const isMore = before !== undefined && text.startsWith(before);
    // Should it fail, nobody knows whether it was told: then all is told anew.
    told.delete(answer);
    try {
      await feed.append(
        answer,
        isMore ? { type: 'more', text: text.slice(before.length) } : { type: 'anew', text },
      );
    } catch (error) {
      throw new Unreachable('the feed cannot be written', 'unknown', { cause: error });
    }
    told.set(answer, text);
  }

  return {
    platform: name,
    bot: name,
    tellsEnding: true,
    render(markdown) {
      const text = markdown.trimEnd();
      return { sealed: { parts: 0, offset: 0, carry: '' }, parts: text === '' ? [] : [{ text }] };
    },
    async post(target, { text }) {
      await tell(target, text);
      return { target, id: nameOf(target) };
    },
    edit: ({ target }, { text }) => tell(target, text),
    async end(target, ended) {
      const answer = nameOf(target);
      told.delete(answer);
      await feed.append(answer, { type: 'end', ended });
    },
    pace: () => pace,
  };
}

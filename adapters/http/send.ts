import { Unreachable } from '../../src/core/errors.ts';
import type { ReplyTarget } from '../../src/core/message.ts';
import type { ReplyFeed } from '../../src/core/ports/feed.ts';
import type { Ended, Pace, Sender } from '../../src/core/ports/platform.ts';
import type { Clock } from '../../src/core/ports/world.ts';
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

interface Told {
  readonly text: string;
  /** The entry that says so. */
  readonly id: string;
}

/** Answers that this process has in hand, or has let go of. One that is not remembered is told anew. */
const mostTold = 1_000;

/** How often, and how far apart, the end of an answer is tried to be told: all else of it has landed. */
const endTries = { most: 20, everyMs: 1_000 };

/** Tells each answer on a feed of its own, wherever who asked is connected. */
export function createHttpSender(feed: ReplyFeed, clock: Pick<Clock, 'sleep'>): Sender {
  /** What this process has told last of each answer that it has in hand. */
  const told = new Map<string, Told>();
  const nameOf = ({ replyTo = '' }: ReplyTarget) => replyTo;

  /** Undefined: something else has been told there meanwhile, by a process that had it before or after us. */
  async function add(answer: string, text: string): Promise<string | undefined> {
    const before = told.get(answer);
    if (!before || !text.startsWith(before.text)) return undefined;
    return feed.append(answer, { type: 'more', text: text.slice(before.text.length) }, before.id);
  }

  function remember(answer: string, newest: Told): void {
    told.delete(answer);
    told.set(answer, newest);
    const [oldest] = told.keys();
    if (told.size > mostTold && oldest !== undefined) told.delete(oldest);
  }

  async function tell(target: ReplyTarget, text: string): Promise<void> {
    const answer = nameOf(target);
    if (told.get(answer)?.text === text) return;
    try {
      const id = (await add(answer, text)) ?? (await feed.append(answer, { type: 'anew', text }));
      if (id !== undefined) remember(answer, { text, id });
    } catch (error) {
      // Nobody knows whether it was told.
      told.delete(answer);
      throw new Unreachable('the feed cannot be written', 'unknown', { cause: error });
    }
  }

  async function end(answer: string, ended: Ended): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await feed.append(answer, { type: 'end', ended });
        return;
      } catch (error) {
        if (tries >= endTries.most) throw error;
        await clock.sleep(endTries.everyMs);
      }
    }
  }

  return {
    platform: name,
    bot: name,
    tellsEnding: true,
    render(text) {
      return { sealed: { parts: 0, offset: 0, carry: '' }, parts: text === '' ? [] : [{ text }] };
    },
    async post(target, { text }) {
      await tell(target, text);
      return { target, id: nameOf(target) };
    },
    edit: ({ target }, { text }) => tell(target, text),
    end(target, ended) {
      told.delete(nameOf(target));
      return end(nameOf(target), ended);
    },
    pace: () => pace,
  };
}

import { MessageGone } from '../../src/core/errors.ts';
import type { InboundMessage, MessageRef, Part, ReplyTarget } from '../../src/core/message.ts';
import type { Pace, Sender } from '../../src/core/ports/platform.ts';
import type { Clock } from '../../src/core/ports/world.ts';

export const target: ReplyTarget = { platform: 'fake', bot: 'b1', channel: 'c1' };

export function inbound(text: string, more: Partial<InboundMessage> = {}): InboundMessage {
  return {
    id: `fake:b1:c1:${text}`,
    author: { id: 'p1', name: 'Ada', locale: 'en' },
    text,
    attachments: [],
    addressed: 'direct',
    target,
    sentAt: 0,
    ...more,
  };
}

export interface FakePlatform {
  readonly sender: Sender;
  /** What the reader sees now. */
  readonly screen: readonly string[];
  /** The same with all that belongs to it. */
  readonly shown: readonly Part[];
  /** Every text that was ever shown, and when. */
  readonly writes: readonly {
    readonly at: number;
    readonly kind: 'post' | 'edit' | 'remove';
    readonly id: string;
    readonly text: string;
  }[];
  readonly typed: readonly number[];
  /** The next write fails with it. */
  failNext(error: unknown): void;
  delete(id: string): void;
}

const unhurried: Pace = {
  refillPerSecond: 1,
  burst: 3,
  reserve: 1,
  minIntervalMs: 1_000,
  maxIntervalMs: 3_000,
  growth: 1.5,
  typingEveryMs: 4_000,
};

/** A platform in memory whose messages hold `limit` characters. */
export function createFakePlatform(clock: Clock, { limit = 10_000, pace = unhurried } = {}): FakePlatform {
  const messages = new Map<string, Part>();
  const writes: FakePlatform['writes'][number][] = [];
  const typed: number[] = [];
  const errors: unknown[] = [];
  let ids = 0;

  function write(kind: 'post' | 'edit' | 'remove', id: string, text: string): void {
    const error = errors.shift();
    if (error) throw error;
    writes.push({ at: clock.now(), kind, id, text });
  }

  const sender: Sender = {
    platform: target.platform,
    bot: target.bot,
    render(markdown, sealed = { parts: 0, offset: 0, carry: '' }) {
      const rest = markdown.slice(sealed.offset);
      const count = Math.ceil(rest.length / limit);
      const parts = Array.from({ length: count }, (_, at) => ({
        text: rest.slice(at * limit, (at + 1) * limit),
      }));
      const settled = Math.max(count - 1, 0);
      return {
        sealed: { parts: sealed.parts + settled, offset: sealed.offset + settled * limit, carry: '' },
        parts,
      };
    },
    async post(to, part): Promise<MessageRef> {
      write('post', String(ids + 1), part.text);
      ids += 1;
      messages.set(String(ids), part);
      return { target: to, id: String(ids) };
    },
    async edit({ id }, part) {
      if (!messages.has(id)) throw new MessageGone('deleted');
      write('edit', id, part.text);
      messages.set(id, part);
    },
    async remove({ id }) {
      write('remove', id, '');
      messages.delete(id);
    },
    async clearButtons({ id }) {
      const { buttons: _, ...part } = messages.get(id) ?? { text: '' };
      messages.set(id, part);
    },
    async showTyping() {
      typed.push(clock.now());
    },
    pace: () => pace,
  };

  return {
    sender,
    get screen() {
      return [...messages.values()].map(({ text }) => text);
    },
    get shown() {
      return [...messages.values()];
    },
    writes,
    typed,
    failNext: (error) => void errors.push(error),
    delete: (id) => void messages.delete(id),
  };
}

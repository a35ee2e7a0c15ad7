import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { definePlatform } from '../../adapters/platform.ts';
import { whenAborted } from '../../src/core/aborted.ts';
import type { InboundMessage, ReplyTarget } from '../../src/core/message.ts';
import type { Deliver, Pace, Sender } from '../../src/core/ports/platform.ts';
import { questionOf } from './answers.ts';
import { tell } from './told.ts';

const name = 'soak';

const env = z.object({
  /** Questions a second. */
  SOAK_RATE: z.coerce.number(),
  /** So many people ask in turn, each in a chat of their own. */
  SOAK_PEOPLE: z.coerce.number(),
});

/** A platform without limits, on which people ask at an even rate until their process is told that it is enough. */
export const soak = definePlatform({
  name,
  enabledBy: 'SOAK_RATE',
  env,
  receive: (settings) => async (deliver, signal, ready) => {
    ready();
    const enough = new AbortController();
    process.once('message', () => enough.abort());
    await askAll(settings, deliver, AbortSignal.any([enough.signal, signal]));
    await whenAborted(signal);
  },
  sender: createSender,
});

async function askAll(
  { SOAK_RATE: perSecond, SOAK_PEOPLE: people }: z.output<typeof env>,
  deliver: Deliver,
  enough: AbortSignal,
): Promise<void> {
  const startedAt = Date.now();
  for (let number = 0; !enough.aborted; number++) {
    const dueInMs = startedAt + (number * 1_000) / perSecond - Date.now();
    if (dueInMs > 0) await sleep(dueInMs);
    deliver(toInbound(number, number % people)).then(
      () => tell({ kind: 'asked', number }),
      (error: unknown) => tell({ kind: 'refused', number, reason: String(error) }),
    );
  }
}

function toInbound(number: number, person: number): InboundMessage {
  const id = `person-${person}`;
  return {
    id: `${name}:${number}`,
    author: { id, name: id, locale: 'en' },
    text: questionOf(String(number)),
    attachments: [],
    addressed: 'direct',
    target: { platform: name, bot: name, channel: id, replyTo: String(number) },
    sentAt: Date.now(),
  };
}

/** Two edits a second: as others have it, but as many chats at once as there are. */
const pace: Pace = {
  refillPerSecond: 1_000,
  burst: 1_000,
  reserve: 0,
  minIntervalMs: 500,
  maxIntervalMs: 500,
  growth: 1,
  typingEveryMs: 5_000,
};

function createSender(): Sender {
  const shown = new Map<string, { readonly posts: number; readonly text: string }>();
  const numberOf = ({ replyTo = '' }: ReplyTarget) => replyTo;
  return {
    platform: name,
    bot: name,
    render(markdown) {
      const text = markdown.trim();
      return { sealed: { parts: 0, offset: 0, carry: '' }, parts: text === '' ? [] : [{ text }] };
    },
    async post(target, { text }) {
      const number = numberOf(target);
      shown.set(number, { posts: (shown.get(number)?.posts ?? 0) + 1, text });
      return { target, id: number };
    },
    async edit({ id }, { text }) {
      shown.set(id, { posts: shown.get(id)?.posts ?? 0, text });
    },
    async showTyping() {},
    end(target) {
      const number = numberOf(target);
      const { posts = 0, text = '' } = shown.get(number) ?? {};
      shown.delete(number);
      tell({ kind: 'answered', number: Number(number), text, posts });
    },
    pace: () => pace,
  };
}

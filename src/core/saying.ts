import { createLiveReply, type LiveReply, type LiveReplyOptions } from './live-reply.ts';
import { createNotebook } from './notebook.ts';
import type { Budget } from './ports/budget.ts';
import type { Sender } from './ports/platform.ts';
import type { Delivery } from './ports/store.ts';
import type { Clock } from './ports/world.ts';

export interface SayOptions {
  readonly delivery: Delivery;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly budget: Budget;
}

/** Says something in the bridge's own words. After a crash it is said again in the message where it was. */
export function say(text: string, { delivery, sender, ...pacing }: SayOptions): Promise<void> {
  const { forReply } = createNotebook(delivery, pacing.clock);
  return reply(delivery, 'answer', { sender, ...pacing, ...forReply }).finish(text);
}

/** Says it in a message of its own, below whatever has been posted before. */
export function sayBelow(text: string, { delivery, sender, ...pacing }: SayOptions): Promise<void> {
  return reply(delivery, 'below', { sender, ...pacing }).finish(text);
}

type ReplyOptions = Omit<LiveReplyOptions, 'target' | 'key' | 'signal' | 'assertHeld'>;

function reply(
  { message, lost: signal, assertHeld }: Delivery,
  purpose: 'answer' | 'below',
  options: ReplyOptions,
): LiveReply {
  const key = `${message.id}/${purpose}`;
  return createLiveReply({ ...options, target: message.target, key, signal, assertHeld });
}

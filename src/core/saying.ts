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
  /** Waits however long the platform asks to, and is never postponed. */
  readonly isPatient?: boolean;
}

/** Says something in the bridge's own words. After a crash it is said again in the message where it was. */
export function say(text: string, { delivery, ...options }: SayOptions): Promise<void> {
  const { forReply } = createNotebook(delivery, options.clock);
  return reply(delivery, 'answer', { ...pick(options), ...forReply }).finish(text);
}

/** Says it in a message of its own, below whatever has been posted before. */
export function sayBelow(text: string, { delivery, ...options }: SayOptions): Promise<void> {
  return reply(delivery, 'below', pick(options)).finish(text);
}

type ReplyOptions = Omit<LiveReplyOptions, 'target' | 'key' | 'signal' | 'assertHeld'>;

/** Of what else the caller may have in hand, nothing is meant for a reply. */
const pick = ({ sender, clock, budget, isPatient = false }: Omit<SayOptions, 'delivery'>) => ({
  sender,
  clock,
  budget,
  isPatient,
});

function reply(
  { message, lost: signal, assertHeld }: Delivery,
  purpose: 'answer' | 'below',
  options: ReplyOptions,
): LiveReply {
  const key = `${message.id}/${purpose}`;
  return createLiveReply({ ...options, target: message.target, key, signal, assertHeld });
}

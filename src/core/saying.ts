import { createLiveReply } from './live-reply.ts';
import { createNotebook } from './notebook.ts';
import type { Paces } from './pacing.ts';
import type { Clock, Delivery, Sender } from './ports.ts';

export interface SayOptions {
  readonly delivery: Delivery;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly paces: Paces;
}

/** Says something in the bridge's own words. After a crash it is said again in the message where it was. */
export function say(text: string, { delivery, sender, ...pacing }: SayOptions): Promise<void> {
  const { message, lost: signal } = delivery;
  const { forReply } = createNotebook(delivery);
  return createLiveReply({ sender, target: message.target, signal, ...pacing, ...forReply }).finish(text);
}

/** Says it in a message of its own, below whatever has been posted before. */
export function sayBelow(text: string, { delivery, sender, ...pacing }: SayOptions): Promise<void> {
  const { message, lost: signal } = delivery;
  return createLiveReply({ sender, target: message.target, signal, ...pacing }).finish(text);
}

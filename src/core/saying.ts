import { sitOut } from './away.ts';
import { createLiveReply, type LiveReply, type LiveReplyOptions } from './live-reply.ts';
import type { InboundMessage, MessageRef } from './message.ts';
import { createNotebook } from './notebook.ts';
import { longestWaitMs } from './painter.ts';
import { type Budget, placeOf } from './ports/budget.ts';
import type { Sender } from './ports/platform.ts';
import type { Posts } from './ports/posts.ts';
import type { Delivery, Posting } from './ports/store.ts';
import type { Clock } from './ports/world.ts';
import { perhapsPosted } from './screen.ts';

export interface SayOptions {
  readonly delivery: Delivery;
  readonly sender: Sender;
  readonly clock: Clock;
  readonly budget: Budget;
  readonly posts: Posts;
  /** Waits however long the platform asks to, and is never postponed. */
  readonly isPatient?: boolean;
}

/** Says something in the bridge's own words. After a crash it is said again in the message where it was. */
export async function say(text: string, { delivery, ...options }: SayOptions): Promise<void> {
  const notebook = createNotebook(delivery, options.clock);
  try {
    await reply(delivery, 'answer', { ...pick(options), ...notebook.forReply }).finish(text);
  } catch (error) {
    throw await sitOut(error, { notebook, clock: options.clock });
  }
}

/** Says it in a message of its own, below what has been posted before, which cannot be stopped any more. */
export async function sayBelow(
  text: string,
  { delivery, ...options }: SayOptions,
  posted: readonly MessageRef[] = delivery.record?.posted ?? [],
): Promise<void> {
  await reply(delivery, 'below', { ...pick(options), posting: perhapsSaid(delivery) }).finish(text);
  const stoppable = posted.findLast(({ hasButtons }) => hasButtons) ?? posted.at(-1);
  if (stoppable) await clearButtons(stoppable, { delivery, ...options }).catch(() => undefined);
}

/** An attempt before this one may have died right after it. */
function perhapsSaid({ message, record }: Delivery): Posting | undefined {
  return record && perhapsPosted(keyOf(message, 'below'));
}

/** A button that stays is no loss: it is meant for no other turn. */
async function clearButtons(ref: MessageRef, { delivery, sender, clock, budget }: SayOptions): Promise<void> {
  const pace = sender.pace(ref.target);
  const draw = {
    place: placeOf(ref.target, pace),
    pace,
    purpose: 'final',
    answer: delivery.message.id,
  } as const;
  const waitMs = await budget.draw(draw);
  if (waitMs > longestWaitMs) return;
  await clock.sleep(waitMs, delivery.lost);
  if (waitMs > 0 && (await budget.draw(draw)) > 0) return;
  delivery.assertHeld();
  await sender.clearButtons?.(ref);
}

type ReplyOptions = Omit<LiveReplyOptions, 'target' | 'key' | 'signal' | 'assertHeld'>;

/** Of what else the caller may have in hand, nothing is meant for a reply. */
const pick = ({ sender, clock, budget, posts, isPatient = false }: Omit<SayOptions, 'delivery'>) => ({
  sender,
  clock,
  budget,
  posts,
  isPatient,
});

function reply(
  { message, lost: signal, assertHeld }: Delivery,
  purpose: 'answer' | 'below',
  options: ReplyOptions,
): LiveReply {
  const key = keyOf(message, purpose);
  return createLiveReply({ ...options, target: message.target, key, signal, assertHeld });
}

const keyOf = ({ id }: InboundMessage, purpose: 'answer' | 'below'): string => `${id}/${purpose}`;

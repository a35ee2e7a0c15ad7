import { conversationKey, type GroupContext, isPersonalThere } from './addressing.ts';
import type { Wish } from './buttons.ts';
import type { InboundMessage } from './message.ts';
import type { Notice } from './notices.ts';
import type { Interrupts, Mailbox } from './ports/store.ts';

type StopWish = Wish & { readonly kind: 'stop' };

/** Stops the answer that runs, or that is next, and says what came of it. */
export type Stop = (message: InboundMessage, wish: StopWish) => Promise<Notice>;

interface StopOptions {
  readonly mailbox: Pick<Mailbox, 'keys' | 'line' | 'stop'>;
  readonly interrupts: Interrupts;
  readonly groupContext: GroupContext;
  /** The name that a turn has on its buttons. */
  readonly turnIdOf: (messageId: string) => string;
}

export function createStop({ mailbox, interrupts, groupContext, turnIdOf }: StopOptions): Stop {
  async function stopIn(key: string, message: InboundMessage, wish: StopWish): Promise<Notice> {
    const { author } = message;
    const [first] = await mailbox.line(key);
    if (!first || !isMeant(first, message, wish)) return 'nothing-to-stop';
    if (first.author.id !== author.id && !author.isAdmin) return 'not-yours-to-stop';
    if (!(await mailbox.stop(key, first.id))) return 'nothing-to-stop';
    await interrupts.send({ key, stop: first.id });
    return 'stopping';
  }

  /** A button may be older than what runs now; a wish that is heard again may be older, too. */
  function isMeant(first: InboundMessage, { sentAt }: InboundMessage, { turn }: Wish): boolean {
    return turn === undefined ? first.sentAt <= sentAt : turn === turnIdOf(first.id);
  }

  return async (message, wish) => {
    const { author } = message;
    const asker = { ...author, id: wish.asker ?? author.id };
    const found = await stopIn(conversationKey({ ...message, author: asker }, groupContext), message, wish);
    if (found !== 'nothing-to-stop' || wish.asker !== undefined) return found;
    // Who has no answer running there means those of others.
    const keys = (await mailbox.keys()).filter((key) => isPersonalThere(key, message));
    const others = await Promise.all(keys.map((key) => stopIn(key, message, wish)));
    return others.find((other) => other !== 'nothing-to-stop') ?? found;
  };
}

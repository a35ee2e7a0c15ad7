import { controlKey, conversationKey, type GroupContext, isPersonalThere } from './core/addressing.ts';
import { readWish, type Wish } from './core/buttons.ts';
import { parseCommand } from './core/commands.ts';
import type { InboundMessage } from './core/message.ts';
import { type Notice, notice } from './core/notices.ts';
import type { Deliver } from './core/ports/platform.ts';
import type { ConversationStore, Interrupts, Mailbox, Suggestions } from './core/ports/store.ts';

interface GatewayOptions {
  readonly mailbox: Pick<Mailbox, 'put' | 'keys' | 'first' | 'stop'>;
  readonly conversations: ConversationStore;
  readonly interrupts: Interrupts;
  readonly suggestions: Suggestions;
  readonly groupContext: GroupContext;
  /** The name that a turn has on its buttons. */
  readonly turnIdOf: (messageId: string) => string;
}

/**
 * Takes what the platforms hear: leaves alone what is not for us, and puts the rest into the mailbox, commands into a
 * line of their own so that they never wait behind an answer. All of it may be repeated without effect.
 */
export function createGateway(options: GatewayOptions): Deliver {
  const { mailbox, conversations, interrupts, suggestions, groupContext } = options;

  async function take(message: InboundMessage): Promise<void> {
    const key = conversationKey(message, groupContext);
    const command = parseCommand(message.text);
    if (command === 'reset') {
      // Before anything that was written after it is put: that belongs to the new conversation.
      const { generation } = await conversations.reset(key, message.id);
      await interrupts.send({ key, generation });
    }
    const remark = command === 'stop' ? await stop(message, { kind: 'stop' }) : undefined;
    await mailbox.put(command ? controlKey(key) : key, { ...message, ...(remark && { remark }) });
  }

  /** Stops the answer that runs, or that is next, and says what came of it. */
  async function stop(message: InboundMessage, wish: Wish & { kind: 'stop' }): Promise<Notice> {
    const { author } = message;
    const asker = { ...author, id: wish.asker ?? author.id };
    const found = await stopIn(conversationKey({ ...message, author: asker }, groupContext), message, wish);
    if (found !== 'nothing-to-stop' || wish.asker !== undefined) return found;
    // Who has no answer running there means those of others.
    const keys = (await mailbox.keys()).filter((key) => isPersonalThere(key, message));
    const others = await Promise.all(keys.map((key) => stopIn(key, message, wish)));
    return others.find((other) => other !== 'nothing-to-stop') ?? found;
  }

  async function stopIn(
    key: string,
    message: InboundMessage,
    wish: Wish & { kind: 'stop' },
  ): Promise<Notice> {
    const { author } = message;
    const first = await mailbox.first(key);
    if (!first || !isMeant(first, message, wish)) return 'nothing-to-stop';
    if (first.author.id !== author.id && !author.isAdmin) return 'not-yours-to-stop';
    if (!(await mailbox.stop(key, first.id))) return 'nothing-to-stop';
    await interrupts.send({ key, stop: first.id });
    return 'stopping';
  }

  /** A button may be older than what runs now; a wish that is heard again may be older, too. */
  function isMeant(first: InboundMessage, { sentAt }: InboundMessage, { turn }: Wish): boolean {
    return turn === undefined ? first.sentAt <= sentAt : turn === options.turnIdOf(first.id);
  }

  /** Asks a suggested question in the name of whoever pressed its button. */
  async function ask(
    message: InboundMessage,
    { turn, nth }: Wish & { kind: 'ask' },
  ): Promise<Notice | undefined> {
    const text = (await suggestions.find(turn))[nth];
    if (text === undefined) return 'question-gone';
    await mailbox.put(conversationKey(message, groupContext), { ...message, text });
    return undefined;
  }

  async function press(message: InboundMessage, pressed: string): Promise<string | undefined> {
    const wish = readWish(pressed);
    if (!wish) return undefined;
    const answer = wish.kind === 'stop' ? await stop(message, wish) : await ask(message, wish);
    return answer && notice(answer, message.author.locale);
  }

  return async (message) => {
    if (message.addressed === 'overheard') return undefined;
    if (message.pressed !== undefined) return press(message, message.pressed);
    return take(message);
  };
}

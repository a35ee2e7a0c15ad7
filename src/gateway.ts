import { controlKey, conversationKey, type GroupContext } from './core/addressing.ts';
import { parseCommand } from './core/commands.ts';
import type { Deliver } from './core/ports/platform.ts';
import type { ConversationStore, Interrupts, Mailbox } from './core/ports/store.ts';

interface GatewayOptions {
  readonly mailbox: Pick<Mailbox, 'put'>;
  readonly conversations: ConversationStore;
  readonly interrupts: Interrupts;
  readonly groupContext: GroupContext;
}

/**
 * Takes what the platforms hear: leaves alone what is not for us, and puts the rest into the mailbox, commands into a
 * line of their own so that they never wait behind an answer. All of it may be repeated without effect.
 */
export function createGateway({ mailbox, conversations, interrupts, groupContext }: GatewayOptions): Deliver {
  return async (message) => {
    if (message.addressed === 'overheard') return;
    const key = conversationKey(message, groupContext);
    const command = parseCommand(message.text);
    if (command === 'reset') {
      // Before anything that was written after it is put: that belongs to the new conversation.
      const { generation } = await conversations.reset(key, message.id);
      await interrupts.send({ key, generation });
    }
    await mailbox.put(command ? controlKey(key) : key, message);
  };
}
